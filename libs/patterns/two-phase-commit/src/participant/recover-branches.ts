import { failpoint } from '@indoubt/chaos';
import { Failure } from '@indoubt/failure';
import { type Log, type Repeating, runEvery } from '@indoubt/http';
import { contextOf, inSpan, record } from '@indoubt/record';
import type { Verdict } from '../protocol/messages.ts';
import type { Branches, InDoubt } from './branches.ts';

export interface RecoveryParts {
  branches: Branches;
  /** Asks the coordinator about a branch that is prepared here. @throws Failure */
  ask(id: string): Promise<Verdict>;
  log: Log;
  everyMs: number;
  /** How old a prepared transaction of nobody's is when it is told as an orphan. */
  orphanAfterMs: number;
}

/** Younger ones are most likely being voted on: their decision is on its way. */
const ASK_AFTER_MS = 1_000;

/**
 * Looks at the prepared transactions of this database, at once and then again and again, and asks
 * the coordinator about those that are this service's own. It never decides by itself: while nobody
 * answers, the locks stay. Recovery that guessed would abort live work (citusdata/citus#2095).
 */
export function recoverBranches(parts: RecoveryParts): Repeating {
  /** The last answer for each, so that the record tells only what is new. */
  const told = new Map<string, string>();
  let isFirst = true;
  return runEvery(
    parts.everyMs,
    async () => {
      const { own, others } = await parts.branches.inDoubt();
      for (const { gid, ageMs } of others) {
        if (ageMs >= parts.orphanAfterMs)
          tellOnce(told, gid, 'orphan', { event: 'orphan-found', gid, ageMs });
      }
      forget(told, [...own, ...others]);
      const waiting = own.filter(({ ageMs }) => isFirst || ageMs >= ASK_AFTER_MS);
      isFirst = false;
      await Promise.all(waiting.map((one) => recoverOne(parts, told, one)));
    },
    (error) => parts.log.warn({ err: error }, 'prepared transactions could not be looked at'),
  );
}

type Told = Map<string, string>;

/** What is not prepared any more: the same gid again would be news. */
function forget(told: Told, prepared: readonly { gid: string }[]): void {
  const gids = new Set(prepared.map(({ gid }) => gid));
  for (const gid of told.keys()) if (!gids.has(gid)) told.delete(gid);
}

async function recoverOne(
  { branches, ask }: RecoveryParts,
  told: Told,
  { id, gid, ageMs, traceparent }: InDoubt,
): Promise<void> {
  const asked = { event: 'in-doubt-asked', orderId: id, gid, ageMs } as const;
  let answer: Verdict;
  try {
    await failpoint('found-not-asked', id);
    answer = await ask(id);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    tellOnce(told, gid, error.code, { ...asked, decision: 'unknown', reason: error.code });
    return;
  }
  const { decision } = answer;
  const attributes = { 'order.id': id, 'transaction.gid': gid, 'transaction.decision': decision };
  // After a restart only the coordinator can know which trace this belongs to.
  const trace = traceparent ?? answer.traceparent;
  const parent = trace === null ? {} : { parent: contextOf(trace) };
  await inSpan('recover branch', { attributes, ...parent }, async () => {
    tellOnce(told, gid, decision, { ...asked, decision });
    if (decision === 'undecided') return;
    await failpoint('learnt-not-finished', id);
    await branches.end(id, decision);
    told.delete(gid);
  });
}

function tellOnce(
  told: Told,
  gid: string,
  news: string,
  event: Parameters<typeof record>[0],
): void {
  if (told.get(gid) === news) return;
  told.set(gid, news);
  record(event);
}
