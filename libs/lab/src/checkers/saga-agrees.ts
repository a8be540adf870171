import { releaseStock } from '@indoubt/contracts';
import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { type Violation, violation } from '../evidence/violation.ts';
import { count } from '../text/count.ts';
import { twoPhaseOrders } from './two-phase-orders.ts';

const ORDER_STATUS: Record<string, string> = {
  running: 'PENDING',
  compensating: 'PENDING',
  completed: 'CONFIRMED',
  compensated: 'REJECTED',
};

/**
 * INV-10: each order that a saga places has exactly one saga, and both have the matching status. An
 * undo follows its action, and a completed saga undoes nothing. An order of two-phase commit has no
 * saga and no messages.
 */
export function sagaAgrees(snapshot: Snapshot): Violation[] {
  return [...disagreements(snapshot), ...strayMessages(snapshot), ...strayUndos(snapshot)];
}

function disagreements({ orders, sagas }: Snapshot): Violation[] {
  const byOrder = Map.groupBy(sagas, ({ orderId }) => orderId);
  const known = new Set(orders.map(({ id }) => id));
  const unlike = orders.flatMap(({ id, status, coordination }) => {
    const [saga, ...more] = byOrder.get(id) ?? [];
    if (saga === undefined) {
      if (coordination === '2pc') return [];
      const says = `order ${id} is ${status} but has no saga`;
      return [violation('order-without-saga', { orderId: id }, says)];
    }
    const about = { orderId: id, sagaId: saga.id };
    if (coordination === '2pc') {
      const says = `order ${id} is placed by 2PC but has saga ${saga.id}`;
      return [violation('saga-of-2pc-order', about, says)];
    }
    if (more.length > 0) {
      const ids = [saga, ...more].map((each) => each.id).join(', ');
      const says = `order ${id} has ${count(more.length + 1, 'saga')}: ${ids}`;
      return [violation('several-sagas', about, says)];
    }
    if (ORDER_STATUS[saga.status] === status) return [];
    const says = `order ${id} is ${status} but its saga ${saga.id} is ${saga.status}`;
    return [violation('saga-unlike-order', about, says)];
  });
  const orphans = sagas
    .filter(({ orderId }) => !known.has(orderId))
    .map(({ id, orderId }) => {
      const says = `saga ${id} is of order ${orderId}, which does not exist`;
      return violation('saga-without-order', { orderId, sagaId: id }, says);
    });
  return [...unlike, ...orphans];
}

/**
 * Participants of a global transaction get their requests by HTTP: a message would make them act
 * twice.
 */
function strayMessages(snapshot: Snapshot): Violation[] {
  const placed = twoPhaseOrders(snapshot);
  const messages = [...snapshot.outbox, ...snapshot.topics].filter(({ key }) => placed.has(key));
  return [...Map.groupBy(messages, ({ key }) => key)].map(([key, found]) => {
    const ids = [...new Set(found.map(({ messageId }) => messageId))].join(', ');
    const says = `order ${key} is placed by 2PC but has messages: ${ids}`;
    return violation('messages-of-2pc-order', { orderId: key }, says);
  });
}

/** An undo needs its action earlier in the outbox, and a saga that did not complete. */
function strayUndos({ outbox, topics, sagas }: Snapshot): Violation[] {
  const { topic, type, undoes } = releaseStock;
  const status = new Map(sagas.map((saga) => [saga.orderId, saga.status]));
  const commands = outbox.filter((row) => row.topic === topic);
  const actions = firstIdByOrder(commands.filter(({ step }) => step === undoes));
  const undone = firstIdByOrder(commands.filter(({ step }) => step === type));
  const delivered = topics.filter((message) => message.topic === topic && message.step === type);
  const orders = new Set([...undone.keys(), ...delivered.map(({ key }) => key)]);
  return [...orders].flatMap((orderId) => {
    const action = actions.get(orderId);
    const undo = undone.get(orderId);
    const isUndoFirst = action === undefined || (undo !== undefined && undo < action);
    const sent = `order ${orderId}: ${type} was sent, but`;
    const found: Violation[] = [];
    if (isUndoFirst) {
      const says = `${sent} no ${undoes} before it`;
      found.push(violation('undo-without-action', { orderId }, says, type));
    }
    if (status.get(orderId) === 'completed') {
      const says = `${sent} its saga completed`;
      found.push(violation('undo-of-completed-saga', { orderId }, says, type));
    }
    return found;
  });
}

function firstIdByOrder(rows: Snapshot['outbox']): Map<string, number> {
  const first = new Map<string, number>();
  for (const { key, id } of rows) {
    first.set(key, Math.min(id, first.get(key) ?? Number.POSITIVE_INFINITY));
  }
  return first;
}
