import type { VariantName } from './chaos-names.ts';
import { type ChaosRule, processesOf, type Trigger } from './chaos-rule.ts';
import { checkTogether } from './check-together.ts';
import { seededRandom } from './seeded-random.ts';
import { shouldFire } from './should-fire.ts';

/** A fault that has just taken effect, as it is written to the record. */
export interface FaultHit {
  /** The rule as it was written. */
  rule: string;
  kind: ChaosRule['kind'];
  /** The place: a crash point, a link, a topic, `payment`, or a variant. */
  name: string;
  action: string;
  /** The number of the hit, counted from 1 since the rule was armed. */
  hit: number;
  orderId?: string | undefined;
}

export interface Arming {
  /** The name of this process: rules about other processes are left out. */
  process: string;
  rules: readonly ChaosRule[];
  seed: number;
  /** Called before the fault takes effect. Must write synchronously: the process may die next. */
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
  /** Functions that resume the paused work, by the name of the crash point. */
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

/** Arms the faults of this process: at its start, and when its control endpoint replaces them. */
export function armChaos({ process, rules, seed, emit }: Arming): void {
  const { paused, changed } = chaos;
  const armed = rules
    .filter((rule) => processesOf(rule).includes(process))
    .map((rule) => ({ rule, hits: 0, fired: 0 }));
  chaos = { process, seed, emit, armed, random: seededRandom(seed, process), paused, changed };
  for (const onChange of changed) onChange();
}

/**
 * Replaces the faults, resets their counts and resumes paused work. A broken variant stays armed:
 * the pieces of the process are chosen at its start.
 */
export function setChaos(rules: readonly ChaosRule[]): void {
  releasePaused();
  const faults = rules.filter(({ kind }) => kind !== 'variant');
  armChaos({ ...chaos, rules: [...armedRules('variant'), ...faults] });
}

/**
 * Arms more faults. Counts and times of the armed faults go on. A fault that is armed already is
 * armed anew.
 * @throws Failure 'invalid-config' (definite: nothing is armed) when two faults contradict each
 *   other
 */
export function addChaos(rules: readonly ChaosRule[], source: string): void {
  const own = rules.filter((rule) => processesOf(rule).includes(chaos.process));
  const texts = new Set(own.map(({ text }) => text));
  const others = chaos.armed.filter(({ rule }) => !texts.has(rule.text));
  checkTogether([...others.map(({ rule }) => rule), ...own], source);
  chaos.armed = [...others, ...own.map((rule) => ({ rule, hits: 0, fired: 0 }))];
  for (const onChange of chaos.changed) onChange();
}

/** Disarms a fault whose time is over. */
export function disarm(over: ChaosRule): void {
  chaos.armed = chaos.armed.filter(({ rule }) => rule !== over);
  for (const onChange of chaos.changed) onChange();
}

/** The armed rules, with their hits and how often they took effect. */
export function listChaos(): { rule: string; hits: number; fired: number }[] {
  return chaos.armed.map(({ rule, hits, fired }) => ({ rule: rule.text, hits, fired }));
}

/** Called after every change of the rules. */
export function onChaosChange(onChange: () => void): void {
  chaos.changed.push(onChange);
}

/** Whether any rule is armed. A crash point costs no more than this check while none is armed. */
export function isAnyArmed(): boolean {
  return chaos.armed.length > 0;
}

export function armedRules<Kind extends ChaosRule['kind']>(kind: Kind) {
  type Rule = Extract<ChaosRule, { kind: Kind }>;
  return chaos.armed.map(({ rule }) => rule).filter((rule): rule is Rule => rule.kind === kind);
}

/** Counts a hit for each rule that fits. @returns the rule that fires at this hit, at most one */
export function meet<Rule extends ChaosRule>(
  fits: (rule: ChaosRule) => rule is Rule,
  name: string,
  orderIds: OrderIds,
): Rule | undefined {
  let firing: Rule | undefined;
  for (const armed of chaos.armed) {
    const { rule } = armed;
    if (!fits(rule)) continue;
    const trigger = triggerOf(rule);
    if (trigger.orderId !== undefined && !isAmong(trigger.orderId, orderIds)) continue;
    armed.hits += 1;
    if (firing !== undefined || !shouldFire(trigger, armed.hits, chaos.random, isConstant(rule))) {
      continue;
    }
    armed.fired += 1;
    firing = rule;
    emitHit(rule, name, armed.hits, firstOf(orderIds, trigger.orderId));
  }
  return firing;
}

/** The order that the work is for, or the orders of a batch; read only if a rule names an order. */
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

/** Whether a rule without a trigger fires at every hit: delays and broken variants do. */
function isConstant(rule: ChaosRule): boolean {
  return rule.kind === 'variant' || ('action' in rule && rule.action === 'delay');
}

/** Counts and records a fault that takes effect outside of this module: on a link. */
export function fired(rule: ChaosRule, name: string): void {
  const armed = chaos.armed.find((each) => each.rule === rule);
  if (armed === undefined) return;
  armed.hits += 1;
  armed.fired += 1;
  emitHit(rule, name, armed.hits, undefined);
}

/** Pauses at a crash point. Settles when the crash point is released. */
export function pausedAt(name: string): Promise<void> {
  return new Promise((resolve) => {
    chaos.paused.set(name, [...(chaos.paused.get(name) ?? []), resolve]);
  });
}

/** Resumes the work that is paused at a crash point, or at all. @returns how many resumed */
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

/** Whether this process runs this broken variant; the first call records that. */
export function isBroken(variant: VariantName): boolean {
  const armed = chaos.armed.find(({ rule }) => rule.kind === 'variant' && rule.variant === variant);
  if (armed === undefined) return false;
  if (armed.fired === 0) fired(armed.rule, variant);
  return true;
}
