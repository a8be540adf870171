import type { StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import type { Claim } from '../inbox-store.ts';

/** Records the first answer of a step for the checkers. No participant reads this row. */
export function noteFirst(tx: Tx, { sagaId, step, messageId }: Claim, answer: StepAnswer): void {
  tx.write(
    `insert into inbox (saga_id, step, message_id, answer) values ($1, $2, $3, $4)
     on conflict do nothing`,
    [sagaId, step, messageId, answer],
  );
}
