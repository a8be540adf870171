import { VARIANTS, type VariantName } from './chaos-names.ts';
import type { FailpointName } from './failpoints.ts';

/** When a rule fires. Without a trigger a delay fires at every hit, other rules at the first. */
export interface Trigger {
  /** At this hit only, counted from 1 since the rule was armed. */
  hit?: number;
  /** At every n-th hit. */
  every?: number;
  /** At each hit with this probability, drawn from the run's seed. */
  probability?: number;
  /** Only hits of this order are counted. */
  orderId?: string;
}

export interface FailpointRule {
  kind: 'failpoint';
  text: string;
  at: FailpointName[];
  action: 'crash' | 'error' | 'delay' | 'pause';
  /** For a delay; else 0. */
  delayMs: number;
  trigger: Trigger;
}

export interface LinkRule {
  kind: 'link';
  text: string;
  links: string[];
  action: 'cut' | 'blackhole' | 'delay' | 'throttle';
  direction: 'both' | 'out' | 'in';
  delayMs: number;
  jitterMs: number;
  bytesPerSecond: number;
  /** How long the fault lasts after it is armed; null: until it is cleared. */
  forMs: number | null;
}

export interface MessageRule {
  kind: 'message';
  text: string;
  topics: string[];
  action: 'drop' | 'duplicate' | 'reorder';
  trigger: Trigger;
}

/** The payment service declines a payment that it could capture. */
export interface DeclineRule {
  kind: 'decline';
  text: string;
  trigger: Trigger;
}

/** A process runs a broken variant, which leaves a guarantee out. */
export interface VariantRule {
  kind: 'variant';
  text: string;
  variant: VariantName;
}

export type ChaosRule = FailpointRule | LinkRule | MessageRule | DeclineRule | VariantRule;

/** The processes that a rule concerns, by name. Pure. */
export function processesOf(rule: ChaosRule): string[] {
  if (rule.kind === 'failpoint') {
    return unique(rule.at.map((name) => name.slice(0, name.indexOf(':'))));
  }
  if (rule.kind === 'link') return unique(rule.links.map((link) => link.split('->')[0] ?? link));
  if (rule.kind === 'message') return unique(rule.topics.map((topic) => CONSUMERS[topic] ?? topic));
  if (rule.kind === 'decline') return ['payment'];
  return [...VARIANTS[rule.variant].of];
}

/** Rules as they were written, in one text of the grammar. Pure. */
export function chaosText(rules: readonly ChaosRule[]): string {
  return rules.map(({ text }) => text).join('; ');
}

const CONSUMERS: Record<string, string> = {
  'inventory.commands': 'inventory',
  'payment.commands': 'payment',
  'saga.replies': 'order',
};

function unique(names: string[]): string[] {
  return [...new Set(names)];
}
