import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { type Violation, violation } from './violation.ts';

/** INV-9: once quiet, nothing is left to do, and nothing was given up. */
export function quiet(snapshot: Snapshot): Violation[] {
  const pending = snapshot.orders.filter(({ status }) => status === 'PENDING');
  const open = snapshot.sagas.filter(({ awaiting }) => awaiting !== null);
  const unpublished = snapshot.outbox.filter(({ published }) => !published);
  const unended = snapshot.transactions.filter(({ ended }) => !ended);
  const dead = snapshot.topics.filter(({ deadLetterReason }) => deadLetterReason !== null);
  return [
    ...pending.map(({ id }) => `order ${id} is still PENDING`),
    ...open.map(
      ({ id, orderId, status, awaiting, attempts }) =>
        `saga ${id} of order ${orderId} is ${status}: awaits ${awaiting}, sent ${attempts} ×`,
    ),
    ...unpublished.map(
      ({ owner, id, messageId }) => `${owner}'s outbox row ${id} (${messageId}) is not published`,
    ),
    ...unended.map(({ id, decision, participants }) => {
      if (decision === null) return `transaction ${id} is begun, and not decided`;
      const all = participants.join(', ');
      return `transaction ${id} is decided ${decision}, not acknowledged by all: ${all}`;
    }),
    ...snapshot.preparedTransactions.map(
      ({ owner, gid }) => `transaction ${gid} is still prepared in ${owner}'s database`,
    ),
    ...dead.map(
      ({ topic, messageId, deadLetterReason }) =>
        `dead letter ${messageId} on ${topic}: ${deadLetterReason}`,
    ),
  ].map((text) => violation(text));
}
