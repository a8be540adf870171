import { VARIANTS } from './chaos-names.ts';
import type { ChaosRule, FailpointRule, LinkRule, Trigger } from './chaos-rule.ts';
import { invalidConfig, quoted } from './wrong-part.ts';

/**
 * Refuses rules that contradict each other. Pure.
 * @throws Failure 'invalid-config' (definite: nothing is armed) that names both rules
 */
export function checkTogether(rules: readonly ChaosRule[], source: string): void {
  for (const [index, rule] of rules.entries()) {
    for (const other of rules.slice(0, index)) {
      const why = contradiction(rule, other);
      if (why === undefined) continue;
      const both = `${quoted(other.text)} and ${quoted(rule.text)}`;
      throw invalidConfig(`${source}: ${both} contradict each other: ${why}.`);
    }
  }
}

function contradiction(one: ChaosRule, other: ChaosRule): string | undefined {
  if (one.text === other.text) return 'the same fault twice';
  if (one.kind === 'variant' && other.kind === 'variant') {
    const { piece } = VARIANTS[one.variant];
    if (piece !== VARIANTS[other.variant].piece) return undefined;
    return `both replace the same piece, ${piece}`;
  }
  if (one.kind === 'failpoint' && other.kind === 'failpoint') return atSameHit(one, other);
  if (one.kind === 'link' && other.kind === 'link') return onBlockedLink(one, other);
  const isOfMessage = one.kind === 'message' && other.kind === 'message';
  if (isOfMessage && !one.topics.some((topic) => other.topics.includes(topic))) return undefined;
  if (isOfMessage || (one.kind === 'decline' && other.kind === 'decline')) {
    return firesAlways(one) ?? firesAlways(other);
  }
  return undefined;
}

/** Two rules for the same places, orders and hit. Each rule counts its own hits. */
function atSameHit(one: FailpointRule, other: FailpointRule): string | undefined {
  const hit = onlyHit(one);
  const isSame = one.at.join() === other.at.join();
  const isSameOrder = one.trigger.orderId === other.trigger.orderId;
  if (!isSame || !isSameOrder || hit === undefined || hit !== onlyHit(other)) return undefined;
  return `only one rule fires at a hit, and both are for hit ${hit}`;
}

/** The only hit at which the rule fires; undefined when it may fire at several. */
function onlyHit({ action, trigger: { hit, every, probability } }: FailpointRule) {
  if (every !== undefined || probability !== undefined) return undefined;
  return hit ?? (action === 'delay' ? undefined : 1);
}

/** Two rules for the same link, one of which blocks the link for ever. */
function onBlockedLink(one: LinkRule, other: LinkRule): string | undefined {
  const both = one.links.find((link) => other.links.includes(link));
  if (both === undefined || (!blocks(one, other) && !blocks(other, one))) return undefined;
  return `nothing passes ${both}, so the other rule never fires`;
}

function blocks({ action, direction, forMs }: LinkRule, other: LinkRule): boolean {
  if (forMs !== null || (action !== 'cut' && action !== 'blackhole')) return false;
  return direction === 'both' || direction === other.direction;
}

function firesAlways({ text, trigger }: { text: string; trigger: Trigger }): string | undefined {
  const isAll = (trigger.probability === 1 || trigger.every === 1) && !trigger.orderId;
  return isAll ? `${quoted(text)} fires at every hit, so the other rule never fires` : undefined;
}
