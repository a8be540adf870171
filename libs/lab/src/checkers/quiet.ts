import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { type Violation, violation } from '../evidence/violation.ts';
import { count } from '../text/count.ts';

/** INV-9: a quiet lab has no unfinished work and no dead letter. */
export function quiet(snapshot: Snapshot): Violation[] {
  const pending = snapshot.orders.filter(({ status }) => status === 'PENDING');
  const open = snapshot.sagas.filter(({ awaiting }) => awaiting !== null);
  const unpublished = snapshot.outbox.filter(({ published }) => !published);
  const unended = snapshot.transactions.filter(({ ended }) => !ended);
  const dead = snapshot.topics.filter(({ deadLetterReason }) => deadLetterReason !== null);
  return [
    ...pending.map(({ id }) =>
      violation('order-pending', { orderId: id }, `order ${id} is still PENDING`),
    ),
    ...open.map(({ id, orderId, status, awaiting, attempts }) => {
      const waits = `is ${status}: awaits ${awaiting}, sent ${count(attempts, 'time')}`;
      const says = `saga ${id} of order ${orderId} ${waits}`;
      return violation('saga-open', { orderId, sagaId: id }, says);
    }),
    ...unpublished.map(({ owner, id, messageId, key }) => {
      const says = `${owner}'s outbox row ${id} (${messageId}) is not published`;
      return violation('message-unpublished', { orderId: key, messageId }, says);
    }),
    ...unended.map(openTransaction),
    ...snapshot.preparedTransactions.map(({ owner, gid }) => {
      const says = `transaction ${gid} is still prepared in ${owner}'s database`;
      return violation('branch-prepared', { gid }, says);
    }),
    ...dead.map(({ topic, key, messageId, deadLetterReason }) => {
      const says = `dead letter ${messageId} on ${topic}: ${deadLetterReason}`;
      return violation('dead-letter', { orderId: key, messageId }, says);
    }),
  ];
}

function openTransaction({ id, decision, participants }: Snapshot['transactions'][number]) {
  const about = { transactionId: id };
  if (decision === null) {
    const says = `transaction ${id} is begun, but not decided`;
    return violation('transaction-undecided', about, says);
  }
  const all = participants.join(', ');
  const says = `transaction ${id} is decided ${decision}, but not acknowledged by all of ${all}`;
  return violation('transaction-unacknowledged', about, says);
}
