import type { Coordination, PlaceOrder } from '@indoubt/contracts';
import type { Pool, Queries } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import { inSpan } from '@indoubt/record';
import type { Participant, Switches } from '@indoubt/two-phase-commit';
import type { Order } from './order.ts';
import { placeTogether } from './place-together.ts';
import type { PreferredCoordination } from './preferred-coordination.ts';

export interface PlaceEitherParts {
  pool: Pool;
  read: Queries;
  /** Undefined when no coordinator is configured. */
  participant: Participant | undefined;
  underWay: Set<string>;
  settings: {
    COORDINATION: Coordination;
    TRANSACTION_PRESUME: Switches['presume'];
    TRANSACTION_BRANCHES: Switches['branches'];
    TRANSACTION_LAST_RESOURCE: boolean;
    TRANSACTION_WITHIN_MS: number;
  };
  bySaga(command: PlaceOrder): Promise<Order>;
}

/** The switch: one order, by saga or by two-phase commit, as the request or the service says. */
export function createPlaceEither(parts: PlaceEitherParts) {
  const { participant, settings, bySaga } = parts;
  const usual: Switches = {
    presume: settings.TRANSACTION_PRESUME,
    branches: settings.TRANSACTION_BRANCHES,
    lastResource: settings.TRANSACTION_LAST_RESOURCE,
  };
  const place = async (command: PlaceOrder, how: PreferredCoordination): Promise<Order> => {
    const { coordination = settings.COORDINATION, ...switches } = how;
    if (coordination === 'saga') return bySaga(command);
    if (participant === undefined) {
      const why = 'This service knows no coordinator, so it cannot place an order by 2pc.';
      const next = 'Set COORDINATOR_URLS and SERVICE_SECRET, or leave the preference out.';
      throw new Failure('invalid-request', `${why} ${next}`);
    }
    const { pool, read, underWay } = parts;
    const withinMs = settings.TRANSACTION_WITHIN_MS;
    const together = { pool, read, underWay, participant, withinMs };
    return placeTogether(together, command, { ...usual, ...switches }, new Date());
  };
  return (command: PlaceOrder, how: PreferredCoordination) =>
    inSpan('place-order', {}, () => place(command, how));
}
