import type { StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import { type Seen, UNDONE_FIRST } from './decide.ts';

export interface Claim {
  sagaId: string;
  step: string;
  messageId: string;
  /** For an undo: the action's step. Its row is claimed too, so that a late action is refused. */
  undoes: string | undefined;
}

interface Row {
  step: string;
  answer: StepAnswer | null;
}

// One round trip: the insert takes what is free, the select shows what was there before. A claim
// held by another transaction is waited for (the unique index does that), and then belongs to that
// one.
const CLAIM = `
  with claimed as (
    insert into inbox (saga_id, step, message_id, answer)
    select $1, * from unnest($2::text[], $3::text[], $4::jsonb[])
    on conflict do nothing returning step
  )
  select step, answer, false as new from inbox where saga_id = $1 and step = any ($2)
  union all select step, null, true from claimed`;

/** Claims the command's rows in the caller's transaction and says what was there already. */
export async function claim(tx: Tx, { sagaId, step, messageId, undoes }: Claim): Promise<Seen> {
  const steps = undoes === undefined ? [step] : [undoes, step];
  const values = [
    sagaId,
    steps,
    steps.map(() => messageId),
    steps.map((name) => (name === step ? null : UNDONE_FIRST)),
  ];
  const rows = await tx.query<Row & { new: boolean }>(CLAIM, values);
  if (new Set(rows.map((row) => row.step)).size === steps.length) return seen(rows, step, undoes);
  // Another copy of this service committed the row while we waited for it: after our snapshot, so
  // the select above could not see it. A new statement can.
  const late = await tx.query<Row>(
    'select step, answer from inbox where saga_id = $1 and step = any ($2)',
    [sagaId, steps],
  );
  const claimed = rows.filter((row) => row.new).map((row) => row.step);
  return seen(
    late.map((row) => ({ ...row, new: claimed.includes(row.step) })),
    step,
    undoes,
  );
}

function seen(rows: (Row & { new: boolean })[], step: string, undoes: string | undefined): Seen {
  const before = (name: string | undefined) => {
    const row = rows.find((each) => !each.new && each.step === name);
    return row === undefined ? undefined : (row.answer ?? 'owed');
  };
  return { own: before(step), action: before(undoes) };
}

/** Writes down what a step is answered: with its effect, or later, when the answer was owed. */
export function saveAnswer(
  tx: Tx,
  { sagaId, step }: Pick<Claim, 'sagaId' | 'step'>,
  answer: StepAnswer,
): void {
  tx.write('update inbox set answer = $3 where saga_id = $1 and step = $2', [sagaId, step, answer]);
}
