import { autocommit, type Pool } from '@indoubt/database';
import { Failure } from '@indoubt/failure';

/**
 * What the coordinator's log says of a transaction. Presumed abort: it has nothing. Undecided: it
 * has been begun there, and presumes nothing. Unknown: the log does not answer, or the transaction
 * is none of its own.
 */
export type DecisionInLog = 'commit' | 'abort' | 'presumed-abort' | 'undecided' | 'unknown';

/**
 * Reads the log itself, not what a coordinator says of it: it answers while that is dead, and to be
 * asked by an operator changes nothing.
 */
export async function decisionsInLog(
  coordinator: Pool,
  ids: (string | null)[],
): Promise<(id: string | null) => DecisionInLog> {
  const known = await readLog(
    coordinator,
    ids.filter((id) => id !== null),
  );
  return (id) => {
    if (id === null || known === null) return 'unknown';
    const decision = known.get(id);
    return decision === undefined ? 'presumed-abort' : (decision ?? 'undecided');
  };
}

type Log = Map<string, 'commit' | 'abort' | null>;

/** @returns null when the coordinator's database does not answer: then nothing may be presumed */
async function readLog(coordinator: Pool, ids: string[]): Promise<Log | null> {
  try {
    const rows = await autocommit(coordinator).query<{
      id: string;
      decision: 'commit' | 'abort' | null;
    }>('select id, decision from transactions where id = any ($1::uuid[])', [ids]);
    return new Map(rows.map(({ id, decision }) => [id, decision]));
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}
