import type { Coordination, PlaceOrder } from '@indoubt/contracts';
import { Failure } from '@indoubt/failure';
import type { KeyedAnswer, KeyedRequest } from '@indoubt/idempotency';
import { inSpan } from '@indoubt/record';
import type { Switches, TransactionParticipant } from '@indoubt/two-phase-commit';
import { placeOrderBy2pc } from './place-order-by-2pc.ts';
import { type PlaceOrderBySagaParts, placeOrderBySaga } from './place-order-by-saga.ts';
import type { PreferredCoordination } from './preferred-coordination.ts';

export interface PlaceOrderParts extends PlaceOrderBySagaParts {
  /** Undefined when no coordinator is configured. */
  transactionParticipant: TransactionParticipant | undefined;
  settings: {
    COORDINATION: Coordination;
    TRANSACTION_PRESUME: Switches['presume'];
    TRANSACTION_BRANCHES: Switches['branches'];
    TRANSACTION_LAST_RESOURCE: boolean;
    TRANSACTION_WITHIN_MS: number;
  };
}

/**
 * Places an order by saga or by two-phase commit, as the request prefers or the service is set. A
 * retry with the same key gets the same answer.
 */
export function createPlaceOrder(parts: PlaceOrderParts) {
  const { transactionParticipant, settings } = parts;
  /** Orders by two-phase commit that have begun and not ended. They may have no row yet. */
  const inProgress = new Set<string>();
  const place = async (
    command: PlaceOrder,
    request: KeyedRequest,
    preferred: PreferredCoordination,
  ): Promise<KeyedAnswer> => {
    const { coordination = settings.COORDINATION, ...switches } = preferred;
    if (coordination === 'saga') return placeOrderBySaga(parts, command, request);
    if (transactionParticipant === undefined) throw noCoordinator();
    const { pool, keys } = parts;
    const withinMs = settings.TRANSACTION_WITHIN_MS;
    return placeOrderBy2pc(
      { pool, keys, inProgress, participant: transactionParticipant, withinMs },
      { command, request, now: new Date() },
      { ...switchesOf(settings), ...switches },
    );
  };
  return {
    place: (...request: Parameters<typeof place>) =>
      inSpan('place-order', {}, () => place(...request)),
    isInDoubt: async (id: string) =>
      inProgress.has(id) || ((await transactionParticipant?.branches.isPrepared(id)) ?? false),
  };
}

function switchesOf(settings: PlaceOrderParts['settings']): Switches {
  return {
    presume: settings.TRANSACTION_PRESUME,
    branches: settings.TRANSACTION_BRANCHES,
    lastResource: settings.TRANSACTION_LAST_RESOURCE,
  };
}

function noCoordinator(): Failure {
  const why = 'This service has no coordinator, so it cannot place an order by 2pc.';
  const next = 'Set COORDINATOR_URLS and SERVICE_SECRET, or send no preference for 2pc.';
  return new Failure('invalid-request', `${why} ${next}`);
}
