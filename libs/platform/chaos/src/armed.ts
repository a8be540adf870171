import type { VariantName } from './chaos-names.ts';
import { type ChaosRule, processesOf, type Trigger } from './chaos-rule.ts';
import { checkTogether } from './check-together.ts';
import { seededRandom } from './seeded-random.ts';
import { shouldFire } from './should-fire.ts';

/** A fault that has just taken effect, as the record tells it. */
export interface FaultHit {
  /** The rule as it was written. */
  rule: string;
  kind: ChaosRule['kind'];
  /** Where: a crash point, a link, a topic, `payment`, or a variant. */
  name: string;
  action: string;
  /** Which hit it was, counted from 1 since the rule was armed. */
  hit: number;
  orderId?: string | undefined;
}

export interface Arming {
  /** This process's name: rules about others are left out. */
  process: string;
  rules: readonly ChaosRule[];
  seed: number;
  /** Called before the fault takes effect. It writes synchronously: the process may die then. */
  emit(hit: FaultHit): void;
}

interface Armed {
  rule: ChaosRule;
  hits: number;
  fired: number;
}

interface Chaos extends Omit<Arming, 'rules'> {
  armed: Armed[];
  random(): number;
  /** Pauses under way, by the name of their crash point. */
  paused: Map<string, (() => void)[]>;
  changed: (() => void)[];
}

let chaos: Chaos = {
  process: '',
  seed: 0,
  armed: [],
  emit: () => undefined,
  random: () => 1,
  paused: new Map(),
  changed: [],
};

/** Arms the faults of this process: once at its start, and again by its control endpoint. */
export function armChaos({ process, rules, seed, emit }: Arming): void {
  const { paused, changed } = chaos;
  const armed = rules
    .filter((rule) => processesOf(rule).includes(process))
    .map((rule) => ({ rule, hits: 0, fired: 0 }));
  chaos = { process, seed, emit, armed, random: seededRandom(seed, process), paused, changed };
  for (const onChange of changed) onChange();
}

/**
 * Replaces the faults; counts start again, and what is paused goes on. A broken variant stays: it
 * is how this process was started, and no fault that could come or go.
 */
export function setChaos(rules: readonly ChaosRule[]): void {
  releasePaused();
  const faults = rules.filter(({ kind }) => kind !== 'variant');
  armChaos({ ...chaos, rules: [...armedRules('variant'), ...faults] });
}

/**
 * Arms more faults beside those that are armed: their counts and times go on. The same fault again
 * takes the place of the one before.
 * @throws Failure 'invalid-config' (definite: nothing is armed) when two contradict each other
 */
export function addChaos(rules: readonly ChaosRule[], source: string): void {
  const own = rules.filter((rule) => processesOf(rule).includes(chaos.process));
  const said = new Set(own.map(({ text }) => text));
  const kept = chaos.armed.filter(({ rule }) => !said.has(rule.text));
  checkTogether([...kept.map(({ rule }) => rule), ...own], source);
  chaos.armed = [...kept, ...own.map((rule) => ({ rule, hits: 0, fired: 0 }))];
  for (const onChange of chaos.changed) onChange();
}

/** Takes away a fault whose time is over. */
export function disarm(over: ChaosRule): void {
  chaos.armed = chaos.armed.filter(({ rule }) => rule !== over);
  for (const onChange of chaos.changed) onChange();
}

/** What is armed here, and how often it was met and took effect. */
export function listChaos(): { rule: string; hits: number; fired: number }[] {
  return chaos.armed.map(({ rule, hits, fired }) => ({ rule: rule.text, hits, fired }));
}

/** Called after every change of the rules. */
export function onChaosChange(onChange: () => void): void {
  chaos.changed.push(onChange);
}

/** Whether anything is armed: the only cost of a crash point while nothing is. */
export function isAnyArmed(): boolean {
  return chaos.armed.length > 0;
}

export function armedRules<Kind extends ChaosRule['kind']>(kind: Kind) {
  type Rule = Extract<ChaosRule, { kind: Kind }>;
  return chaos.armed.map(({ rule }) => rule).filter((rule): rule is Rule => rule.kind === kind);
}

/** Which of these rules fires now, at this hit: at most one of them. */
export function meet<Rule extends ChaosRule>(
  fits: (rule: ChaosRule) => rule is Rule,
  name: string,
  orderIds: OrderIds,
): Rule | undefined {
  let firing: Rule | undefined;
  for (const one of chaos.armed) {
    const { rule } = one;
    if (!fits(rule)) continue;
    const trigger = triggerOf(rule);
    if (trigger.orderId !== undefined && !isAmong(trigger.orderId, orderIds)) continue;
    one.hits += 1;
    if (firing !== undefined || !shouldFire(trigger, one.hits, chaos.random, isConstant(rule))) {
      continue;
    }
    one.fired += 1;
    firing = rule;
    emitHit(rule, name, one.hits, firstOf(orderIds, trigger.orderId));
  }
  return firing;
}

/** Whose work it is: one order's, or that of a whole batch; not read unless a rule asks. */
export type OrderIds = string | Iterable<string> | undefined;

function isAmong(wanted: string, orderIds: OrderIds): boolean {
  return typeof orderIds === 'string'
    ? orderIds === wanted
    : [...(orderIds ?? [])].includes(wanted);
}

function firstOf(orderIds: OrderIds, wanted: string | undefined): string | undefined {
  if (wanted !== undefined) return wanted;
  return typeof orderIds === 'string' ? orderIds : [...(orderIds ?? [])][0];
}

function triggerOf(rule: ChaosRule): Trigger {
  return 'trigger' in rule ? rule.trigger : {};
}

function emitHit(rule: ChaosRule, name: string, hit: number, orderId: string | undefined): void {
  const action = 'action' in rule ? rule.action : rule.kind;
  chaos.emit({ rule: rule.text, kind: rule.kind, name, action, hit, orderId });
}

/** Without a trigger: a delay is there all the time, and so is what replaces a piece. */
function isConstant(rule: ChaosRule): boolean {
  return rule.kind === 'variant' || ('action' in rule && rule.action === 'delay');
}

/** For a fault that takes effect outside of this module: on a link. */
export function fired(rule: ChaosRule, name: string): void {
  const one = chaos.armed.find((each) => each.rule === rule);
  if (one === undefined) return;
  one.hits += 1;
  one.fired += 1;
  emitHit(rule, name, one.hits, undefined);
}

/** Settles when it is released. */
export function pausedAt(name: string): Promise<void> {
  return new Promise((resolve) => {
    chaos.paused.set(name, [...(chaos.paused.get(name) ?? []), resolve]);
  });
}

/** Lets go on what is paused at a crash point, or everywhere. @returns how many went on */
export function releasePaused(name?: string): number {
  const names = name === undefined ? [...chaos.paused.keys()] : [name];
  const waiting = names.flatMap((each) => chaos.paused.get(each) ?? []);
  for (const each of names) chaos.paused.delete(each);
  for (const resume of waiting) resume();
  return waiting.length;
}

/** The name of this process. */
export function ownName(): string {
  return chaos.process;
}

/** Whether this process runs a broken variant in place of a piece; recorded once. */
export function isBroken(variant: VariantName): boolean {
  const one = chaos.armed.find(({ rule }) => rule.kind === 'variant' && rule.variant === variant);
  if (one === undefined) return false;
  if (one.fired === 0) fired(one.rule, variant);
  return true;
}
