import type { StepAnswer } from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import { type Seen, UNDONE_FIRST } from './decide.ts';

export interface Claim {
  sagaId: string;
  step: string;
  messageId: string;
  /** For an undo: the step of its action. That row is claimed too, to refuse a late action. */
  undoes: string | undefined;
}

interface Row {
  step: string;
  answer: StepAnswer | null;
}

// One round trip: the insert claims the missing rows, the select returns the existing rows. If
// another open transaction has inserted a row, the unique index makes this insert wait for it.
const CLAIM = `
  with claimed as (
    insert into inbox (saga_id, step, message_id, answer)
    select $1, * from unnest($2::text[], $3::text[], $4::jsonb[])
    on conflict do nothing returning step
  )
  select step, answer, false as new from inbox where saga_id = $1 and step = any ($2)
  union all select step, null, true from claimed`;

/** Claims the rows of a command in the caller's transaction and returns what they contained. */
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
  // Another copy of this service committed a row while the insert waited. That commit is later than
  // the snapshot of the select above, so a new statement is needed to see the row.
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

/** Stores the answer of a step: in the transaction of its effect, or later if it was owed. */
export function saveAnswer(
  tx: Tx,
  { sagaId, step }: Pick<Claim, 'sagaId' | 'step'>,
  answer: StepAnswer,
): void {
  tx.write('update inbox set answer = $3 where saga_id = $1 and step = $2', [sagaId, step, answer]);
}
