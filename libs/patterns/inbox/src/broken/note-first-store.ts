import type { StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import type { Claim } from '../inbox-store.ts';

/** Writes down what a step was answered, the first time. Nobody who acts reads it. */
export function noteFirst(tx: Tx, { sagaId, step, messageId }: Claim, answer: StepAnswer): void {
  tx.write(
    `insert into inbox (saga_id, step, message_id, answer) values ($1, $2, $3, $4)
     on conflict do nothing`,
    [sagaId, step, messageId, answer],
  );
}
