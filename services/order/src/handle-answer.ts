import { failpoint } from '@indoubt/chaos';
import { type DeliveredMessage, stepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import { inSpan } from '@indoubt/record';
import type { Input, Orchestrator } from '@indoubt/saga';

/**
 * Handles the answer of a participant. The locked row of the saga replaces an inbox: it names the
 * awaited answer, so a repeated or late answer changes nothing.
 * @throws Failure 'malformed-message' (definite)
 */
export async function handleAnswer(
  tx: Tx,
  sagas: Pick<Orchestrator<unknown>, 'advance'>,
  message: DeliveredMessage,
): Promise<void> {
  const parsed = stepAnswer.body.safeParse(message.body);
  if (!parsed.success) throw new Failure('malformed-message', parsed.error.message);
  const { step } = message;
  const input: Input =
    parsed.data.outcome === 'done'
      ? { kind: 'done', step }
      : { kind: 'refused', step, reason: parsed.data.reason };
  const attributes = { 'order.id': message.key, 'saga.id': message.sagaId, 'saga.step': step };
  await inSpan('advance-saga', { attributes }, () =>
    sagas.advance(tx, message.sagaId, input, message.id),
  );
  await failpoint('advanced-not-committed', message.key);
}
