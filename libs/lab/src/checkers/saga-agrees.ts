import { releaseStock } from '@indoubt/contracts';
import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { count } from '../text/count.ts';
import { twoPhaseOrders } from './two-phase-orders.ts';
import { type Violation, violation } from './violation.ts';

const ORDER_STATUS: Record<string, string> = {
  running: 'PENDING',
  compensating: 'PENDING',
  completed: 'CONFIRMED',
  compensated: 'REJECTED',
};

/**
 * INV-10: each order that a saga places has one saga, and they tell the same story; what was undone
 * had been asked for, and nothing that was completed was undone. Two-phase commit has neither saga
 * nor messages.
 */
export function sagaAgrees(snapshot: Snapshot): Violation[] {
  return [...disagreements(snapshot), ...strayMessages(snapshot), ...strayUndos(snapshot)].map(
    (text) => violation(text),
  );
}

function disagreements({ orders, sagas }: Snapshot): string[] {
  const byOrder = Map.groupBy(sagas, ({ orderId }) => orderId);
  const known = new Set(orders.map(({ id }) => id));
  const unlike = orders.flatMap(({ id, status, coordination }) => {
    const [saga, ...more] = byOrder.get(id) ?? [];
    if (coordination === '2pc') {
      return saga === undefined ? [] : [`order ${id} is placed by 2PC but has saga ${saga.id}`];
    }
    if (saga === undefined) return [`order ${id} is ${status} but has no saga`];
    if (more.length > 0) {
      const ids = [saga, ...more].map((each) => each.id).join(', ');
      return [`order ${id} has ${count(more.length + 1, 'saga')}: ${ids}`];
    }
    if (ORDER_STATUS[saga.status] === status) return [];
    return [`order ${id} is ${status} but its saga ${saga.id} is ${saga.status}`];
  });
  const orphans = sagas
    .filter(({ orderId }) => !known.has(orderId))
    .map(({ id, orderId }) => `saga ${id} is of order ${orderId}, which does not exist`);
  return [...unlike, ...orphans];
}

/** Participants of a transaction are asked directly: a message would make them act once more. */
function strayMessages(snapshot: Snapshot): string[] {
  const placed = twoPhaseOrders(snapshot);
  const messages = [...snapshot.outbox, ...snapshot.topics].filter(({ key }) => placed.has(key));
  return [...Map.groupBy(messages, ({ key }) => key)].map(([key, found]) => {
    const ids = [...new Set(found.map(({ messageId }) => messageId))].join(', ');
    return `order ${key} is placed by 2PC but has messages: ${ids}`;
  });
}

/** Only what may have happened is undone: it had been asked for, the saga did not complete. */
function strayUndos({ outbox, topics, sagas }: Snapshot): string[] {
  const { topic, type, undoes } = releaseStock;
  const status = new Map(sagas.map((saga) => [saga.orderId, saga.status]));
  const commands = outbox.filter((row) => row.topic === topic);
  const asked = firstIdByOrder(commands.filter(({ step }) => step === undoes));
  const undone = firstIdByOrder(commands.filter(({ step }) => step === type));
  const delivered = topics.filter((message) => message.topic === topic && message.step === type);
  const orders = new Set([...undone.keys(), ...delivered.map(({ key }) => key)]);
  return [...orders].flatMap((orderId) => {
    const action = asked.get(orderId);
    const undo = undone.get(orderId);
    const tooSoon = action === undefined || (undo !== undefined && undo < action);
    return [
      ...(tooSoon ? [`order ${orderId}: ${type} was sent, but no ${undoes} before it`] : []),
      ...(status.get(orderId) === 'completed'
        ? [`order ${orderId}: ${type} was sent, but its saga completed`]
        : []),
    ];
  });
}

function firstIdByOrder(rows: Snapshot['outbox']): Map<string, number> {
  const first = new Map<string, number>();
  for (const { key, id } of rows) {
    first.set(key, Math.min(id, first.get(key) ?? Number.POSITIVE_INFINITY));
  }
  return first;
}
