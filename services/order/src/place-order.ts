import type { Coordination, PlaceOrder } from '@indoubt/contracts';
import type { Pool } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import type { KeyedAnswer, KeyedRequest, Keys } from '@indoubt/idempotency';
import { inSpan } from '@indoubt/record';
import type { Participant, Switches } from '@indoubt/two-phase-commit';
import { placeTogether } from './place-together.ts';
import type { PreferredCoordination } from './preferred-coordination.ts';

export interface PlaceEitherParts {
  pool: Pool;
  /** Undefined when no coordinator is configured. */
  participant: Participant | undefined;
  underWay: Set<string>;
  keys: Keys;
  settings: {
    COORDINATION: Coordination;
    TRANSACTION_PRESUME: Switches['presume'];
    TRANSACTION_BRANCHES: Switches['branches'];
    TRANSACTION_LAST_RESOURCE: boolean;
    TRANSACTION_WITHIN_MS: number;
  };
  bySaga(command: PlaceOrder, request: KeyedRequest): Promise<KeyedAnswer>;
}

/**
 * The switch: one order, by saga or by two-phase commit, as the request or the service says. Asked
 * again with the same key, it answers the same.
 */
export function createPlaceEither(parts: PlaceEitherParts) {
  const { participant, settings, bySaga } = parts;
  const usual: Switches = {
    presume: settings.TRANSACTION_PRESUME,
    branches: settings.TRANSACTION_BRANCHES,
    lastResource: settings.TRANSACTION_LAST_RESOURCE,
  };
  const place = async (
    command: PlaceOrder,
    request: KeyedRequest,
    how: PreferredCoordination,
  ): Promise<KeyedAnswer> => {
    const { coordination = settings.COORDINATION, ...switches } = how;
    if (coordination === 'saga') return bySaga(command, request);
    if (participant === undefined) {
      const why = 'This service knows no coordinator, so it cannot place an order by 2pc.';
      const next = 'Set COORDINATOR_URLS and SERVICE_SECRET, or leave the preference out.';
      throw new Failure('invalid-request', `${why} ${next}`);
    }
    const { pool, underWay, keys } = parts;
    const withinMs = settings.TRANSACTION_WITHIN_MS;
    const together = { pool, underWay, keys, participant, withinMs };
    return placeTogether(
      together,
      { command, request, now: new Date() },
      { ...usual, ...switches },
    );
  };
  return (command: PlaceOrder, request: KeyedRequest, how: PreferredCoordination) =>
    inSpan('place-order', {}, () => place(command, request, how));
}
