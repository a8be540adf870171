import { VARIANTS } from './chaos-names.ts';
import type { ChaosRule, FailpointRule, LinkRule, Trigger } from './chaos-rule.ts';
import { invalidConfig, quoted } from './wrong-part.ts';

/**
 * Refuses rules that cannot all be meant. Pure.
 * @throws Failure 'invalid-config' (definite: nothing is armed) that names both
 */
export function checkTogether(rules: readonly ChaosRule[], source: string): void {
  for (const [index, one] of rules.entries()) {
    for (const other of rules.slice(0, index)) {
      const why = contradiction(one, other);
      if (why === undefined) continue;
      const both = `${quoted(other.text)} and ${quoted(one.text)}`;
      throw invalidConfig(`${source}: ${both} contradict each other: ${why}.`);
    }
  }
}

function contradiction(one: ChaosRule, other: ChaosRule): string | undefined {
  if (one.text === other.text) return 'the same fault twice';
  if (one.kind === 'variant' && other.kind === 'variant') {
    const { piece } = VARIANTS[one.variant];
    return piece === VARIANTS[other.variant].piece ? `both replace one piece, ${piece}` : undefined;
  }
  if (one.kind === 'failpoint' && other.kind === 'failpoint') return atOnce(one, other);
  if (one.kind === 'link' && other.kind === 'link') return overDead(one, other);
  const isOfMessage = one.kind === 'message' && other.kind === 'message';
  if (isOfMessage && !one.topics.some((topic) => other.topics.includes(topic))) return undefined;
  if (isOfMessage || (one.kind === 'decline' && other.kind === 'decline')) {
    return leavesNothing(one) ?? leavesNothing(other);
  }
  return undefined;
}

/** Two that fire at one hit of the same places; hits are counted by rule, so of the same only. */
function atOnce(one: FailpointRule, other: FailpointRule): string | undefined {
  const hit = onlyHit(one);
  const isSame = one.at.join() === other.at.join();
  const isSameOrder = one.trigger.orderId === other.trigger.orderId;
  if (!isSame || !isSameOrder || hit === undefined || hit !== onlyHit(other)) return undefined;
  return `one hit takes one of them, and both are for hit ${hit}`;
}

/** The one hit at which it fires, where it is one. */
function onlyHit({ action, trigger: { hit, every, probability } }: FailpointRule) {
  if (every !== undefined || probability !== undefined) return undefined;
  return hit ?? (action === 'delay' ? undefined : 1);
}

/** One of them lets nothing through, for good, that the other one could act on. */
function overDead(one: LinkRule, other: LinkRule): string | undefined {
  const both = one.links.find((link) => other.links.includes(link));
  if (both === undefined || (!kills(one, other) && !kills(other, one))) return undefined;
  return `nothing passes ${both} for the other one to act on`;
}

function kills({ action, direction, forMs }: LinkRule, other: LinkRule): boolean {
  if (forMs !== null || (action !== 'cut' && action !== 'blackhole')) return false;
  return direction === 'both' || direction === other.direction;
}

function leavesNothing({ text, trigger }: { text: string; trigger: Trigger }): string | undefined {
  const isAll = (trigger.probability === 1 || trigger.every === 1) && !trigger.orderId;
  return isAll ? `${quoted(text)} leaves nothing to the other one` : undefined;
}
