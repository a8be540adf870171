import { autocommit, type Pool } from '@indoubt/database';
import { Failure } from '@indoubt/failure';

/**
 * The decision for a transaction in the coordinator's log. `presumed-abort`: the log has no row.
 * `undecided`: the transaction was begun in the log, so nothing is presumed. `unknown`: the log
 * does not answer, or the transaction is an orphan.
 */
export type DecisionInLog = 'commit' | 'abort' | 'presumed-abort' | 'undecided' | 'unknown';

/**
 * Reads the database of the coordinator instead of its API: this works while the coordinator is
 * dead and changes nothing.
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

/**
 * @returns null when the database of the coordinator does not answer: then nothing may be presumed
 */
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
