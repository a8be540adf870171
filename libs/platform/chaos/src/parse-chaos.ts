import { didYouMean } from '@indoubt/failure';
import { LINKS, MESSAGE_TOPICS, VARIANTS, type VariantName } from './chaos-names.ts';
import type {
  ChaosRule,
  DeclineRule,
  FailpointRule,
  LinkRule,
  MessageRule,
  VariantRule,
} from './chaos-rule.ts';
import { checkTogether } from './check-together.ts';
import { FAILPOINTS } from './failpoints.ts';
import { matchHalves, matching } from './match-names.ts';
import { type Arguments, durationMs, readArguments, triggerOf } from './rule-arguments.ts';
import { invalidConfig, knownName, quoted, WrongPart } from './wrong-part.ts';

export const ACTIONS = {
  failpoint: ['crash', 'error', 'delay', 'pause'],
  link: ['cut', 'blackhole', 'delay', 'throttle'],
  message: ['drop', 'duplicate', 'reorder'],
  decline: ['decline'],
} as const;

/**
 * Parses the grammar of faults: rules joined by `;`, each `TARGET=ACTION(ARGUMENTS)@HIT`, e.g.
 * `payment:acted-not-committed=crash@1; inventory:*=delay(50ms,p=0.2)`. docs/chaos.md explains it.
 * @param source the variable or the option that has the text, for the error message
 * @throws Failure 'invalid-config' (definite: nothing is armed) that names the wrong part
 */
export function parseChaos(text: string, source = 'CHAOS'): ChaosRule[] {
  const parts = text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const rules = parts.map((part) => {
    try {
      return parsePart(part);
    } catch (error) {
      if (!(error instanceof WrongPart)) throw error;
      const next = "'scenario failpoints' prints all crash points; docs/chaos.md has the grammar.";
      throw invalidConfig(`${source}: in ${quoted(part)}: ${error.message}\n${next}`);
    }
  });
  checkTogether(rules, source);
  return rules;
}

const PART = /^([^=\s]+)\s*=\s*([^\s(@]+)\s*(?:\(([^()]*)\))?\s*(?:@([^]*))?$/;

function parsePart(text: string): ChaosRule {
  const [, target, action, inside, hit] = PART.exec(text) ?? [];
  if (target === undefined || action === undefined) {
    throw new WrongPart(
      'the rule is not TARGET=ACTION, TARGET=ACTION(ARGUMENTS) or TARGET=ACTION@HIT.',
    );
  }
  if (target === 'variant') return variantRule(text, action, inside ?? hit);
  const args = readArguments(inside ?? '', hit);
  if (target.includes('->')) return linkRule(text, target, action, args);
  if (target.includes(':')) return failpointRule(text, target, action, args);
  if (target === 'payment') return declineRule(text, action, args);
  return messageRule(text, target, action, args);
}

function failpointRule(text: string, target: string, word: string, args: Arguments): FailpointRule {
  const names = FAILPOINTS.map(({ name }) => name);
  const halves = { names, between: ':', left: 'a process with crash points', right: 'a window of' };
  const at = matchHalves(target, halves);
  const action = knownName(word, ACTIONS.failpoint, 'an action at a crash point');
  const trigger = triggerOf(args, action, action === 'delay' ? ['value'] : []);
  return { kind: 'failpoint', text, at, action, delayMs: delayOf(action, args), trigger };
}

const HOUR_MS = 3_600_000;
const OF_LINK = { cut: [], blackhole: [], delay: ['value', 'jitter'], throttle: ['rate'] };

function linkRule(text: string, target: string, word: string, args: Arguments): LinkRule {
  const left = 'a process that opens connections';
  const links = matchHalves(target, {
    names: LINKS,
    between: '->',
    left,
    right: 'an end of a link of',
  });
  const action = knownName(word, ACTIONS.link, 'an action on a link');
  // A connection cannot be reset in one direction only.
  const directions = action === 'cut' ? [] : ['direction'];
  const trigger = triggerOf(args, action, [...OF_LINK[action], 'for', ...directions]);
  if (Object.keys(trigger).length > 0) {
    const what = 'a fault of a link has a duration (for=2s), not hits';
    throw new WrongPart(`${what}: leave out @HIT, every, p and order.`);
  }
  const bytesPerSecond = args.rate ?? 0;
  if (action === 'throttle' && bytesPerSecond === 0) {
    throw new WrongPart('throttle needs a rate: throttle(rate=10kB).');
  }
  const delayMs = delayOf(action, args);
  const jitterMs = args.jitter ?? 0;
  if (delayMs + jitterMs > HOUR_MS) {
    throw new WrongPart('the sum of delay and jitter of a link is at most an hour.');
  }
  const direction = args.direction ?? 'both';
  const late = { delayMs, jitterMs, bytesPerSecond };
  return { kind: 'link', text, links, action, direction, ...late, forMs: args.for ?? null };
}

function messageRule(text: string, target: string, word: string, args: Arguments): MessageRule {
  const topics = matching(target, MESSAGE_TOPICS);
  if (topics.length === 0) {
    const names = [...MESSAGE_TOPICS, ...FAILPOINTS.map(({ name }) => name), ...LINKS];
    const what = 'a topic, a crash point (PROCESS:WINDOW) or a link (PROCESS->OTHER)';
    throw new WrongPart(`${quoted(target)} is not ${what}.${didYouMean(target, names)}`);
  }
  const action = knownName(word, ACTIONS.message, 'an action on the messages of a topic');
  return { kind: 'message', text, topics, action, trigger: triggerOf(args, action, []) };
}

function declineRule(text: string, word: string, args: Arguments): DeclineRule {
  const what = 'an action of payment itself (its crash points are payment:WINDOW)';
  const action = knownName(word, ACTIONS.decline, what);
  return { kind: 'decline', text, trigger: triggerOf(args, action, []) };
}

function variantRule(text: string, name: string, more: string | undefined): VariantRule {
  if (more !== undefined) throw new WrongPart('a variant takes no arguments and no @HIT.');
  const names = Object.keys(VARIANTS) as VariantName[];
  return { kind: 'variant', text, variant: knownName(name, names, 'a broken variant') };
}

function delayOf(action: string, { value }: Arguments): number {
  if (action !== 'delay') return 0;
  if (value === undefined) {
    throw new WrongPart('delay needs a duration: delay(50ms) or delay(2s).');
  }
  const ms = durationMs(value);
  if (ms !== undefined) return ms;
  const expects = 'a duration above 0, up to a day: 50ms, 2s, 1m';
  throw new WrongPart(`${quoted(value)} is not a duration; expected ${expects}.`);
}
