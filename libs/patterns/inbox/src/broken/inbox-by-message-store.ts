import type { StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import type { Claim } from '../inbox-store.ts';

/** The answer to this message; undefined when the message is new. */
export async function answerToMessage(
  tx: Tx,
  { sagaId, messageId }: Claim,
): Promise<StepAnswer | undefined> {
  const [row] = await tx.query<{ answer: StepAnswer }>(
    'select answer from inbox where saga_id = $1 and message_id = $2',
    [sagaId, messageId],
  );
  return row?.answer;
}

/**
 * Records the answer to a message. The table's key is (saga, step), so the row of a second message
 * for the same step gets the step and the message id as its name.
 */
export function noteMessage(tx: Tx, { sagaId, step, messageId }: Claim, answer: StepAnswer): void {
  tx.write(
    `insert into inbox (saga_id, step, message_id, answer)
     select $1::uuid, case when exists (select from inbox where saga_id = $1 and step = $2)
                           then $2::text || ' ' || $3::text else $2 end, $3, $4::jsonb`,
    [sagaId, step, messageId, answer],
  );
}
