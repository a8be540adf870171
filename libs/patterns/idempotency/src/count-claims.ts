import { Failure } from '@indoubt/failure';
import type { Claim, Keys } from './keys.ts';

/** What a request with a key found. */
export type ClaimOutcome = 'new' | 'taken-over' | 'replay' | 'in-use' | 'mismatch';

/** Claims by outcome. A request that a conflict makes run again is counted each time. */
export type ClaimCounts = Record<ClaimOutcome, number>;

/** Keys that count the outcomes of their claims, for metrics. */
export function countClaims(keys: Keys): Keys & { counts: ClaimCounts } {
  const counts: ClaimCounts = { new: 0, 'taken-over': 0, replay: 0, 'in-use': 0, mismatch: 0 };
  return {
    ...keys,
    counts,
    async claim(tx, request) {
      try {
        const claim = await keys.claim(tx, request);
        counts[outcomeOf(claim)] += 1;
        return claim;
      } catch (error) {
        const code = error instanceof Failure ? error.code : undefined;
        if (code === 'idempotency-key-in-use') counts['in-use'] += 1;
        if (code === 'idempotency-key-reused') counts.mismatch += 1;
        throw error;
      }
    },
  };
}

function outcomeOf(claim: Claim): ClaimOutcome {
  if (claim.kind === 'replay') return 'replay';
  return claim.isTakenOver ? 'taken-over' : 'new';
}
