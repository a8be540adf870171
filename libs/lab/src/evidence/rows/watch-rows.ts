import { createPool, type Pool } from '@indoubt/database';
import { epochMs, type RecordLine } from '@indoubt/record';
import type { LabDatabase } from '../../infrastructure/postgres/lab-databases.ts';
import { DATABASE_OWNERS, type DatabaseOwner } from '../../infrastructure/provider.ts';
import { type Due, followEvents } from './follow-events.ts';
import { inTime, openInTime } from './open-in-time.ts';
import { openWatched, type Poll, pollDatabase, type Watched } from './poll-database.ts';
import { createRowsSeen, type RowsSeen } from './rows-seen.ts';
import type { RunRows } from './run-rows.ts';

/** Polls the rows of a lab while a scenario runs. */
export interface RowWatch {
  /** Takes every event of the record. An event that may have changed rows causes a poll. */
  hear(line: RecordLine): void;
  /** Polls once more and closes the connections, before the databases are dropped. Never fails. */
  stop(): Promise<RunRows>;
}

/**
 * Poll interval while a transaction is prepared or a session waits: both may end without an event.
 */
const HELD_EVERY_MS = 250;
/**
 * Delay of one more poll after a change: further changes may come without an event, such as the
 * mark of a message.
 */
const AFTER_CHANGE_MS = 100;
/** Poll interval while a server does not answer. */
const AGAIN_MS = 500;
/**
 * Lock time-out. Only a lock of the whole table blocks a read, and the poll must not queue behind
 * it.
 */
const LOCK_WITHIN_MS = 50;
/** A server that does not answer delays the beginning and the end of a run by at most this. */
const SILENT_MS = 2_000;

/**
 * Polls once, then follows the events. A database that does not answer in time is left out, and no
 * error here fails a run.
 */
export async function watchRows(
  databases: Record<DatabaseOwner, Pick<LabDatabase, 'url'>>,
): Promise<RowWatch> {
  const pools = DATABASE_OWNERS.map((owner): [DatabaseOwner, Pool] => {
    const { url } = databases[owner];
    const limits = { connectionsMax: 1, lockWithinMs: LOCK_WITHIN_MS };
    return [owner, createPool({ url, name: 'polls rows', ...limits })];
  });
  const seen = createRowsSeen();
  const opening = pools.map(([owner, pool]) => [owner, open(pool)] as const);
  const { opened, missed } = await openInTime(opening, SILENT_MS);
  for (const [owner, { tables, first }] of opened) seen.begin(owner, tables, first);
  const polls: RunRows['polls'] = { done: 0, missed, tookMs: 0 };
  const rounds = followEvents((owners) => pollAll(owners, opened, seen, polls));
  const end = async (): Promise<RunRows> => {
    await inTime(rounds.stop(), SILENT_MS);
    await inTime(Promise.all(pools.map(([, pool]) => pool.end())), SILENT_MS);
    return seen.result(polls);
  };
  let ended: Promise<RunRows> | undefined;
  return { hear: rounds.hear, stop: () => (ended ??= end()) };
}

async function open(pool: Pool): Promise<Watched & { first: Poll }> {
  const watched = await openWatched(pool);
  return { ...watched, first: await pollDatabase(watched, epochMs) };
}

async function pollAll(
  owners: readonly DatabaseOwner[],
  watched: ReadonlyMap<DatabaseOwner, Watched>,
  seen: RowsSeen,
  polls: RunRows['polls'],
): Promise<Due> {
  const startedAt = performance.now();
  const due = owners.map(async (owner): Promise<[DatabaseOwner, number | null]> => {
    const database = watched.get(owner);
    if (database === undefined) return [owner, null];
    try {
      const { changed, held } = seen.see(owner, await pollDatabase(database, epochMs));
      polls.done += 1;
      return [owner, changed ? AFTER_CHANGE_MS : held ? HELD_EVERY_MS : null];
    } catch {
      polls.missed += 1;
      return [owner, AGAIN_MS];
    }
  });
  const found = new Map(await Promise.all(due));
  polls.tookMs += Math.round(performance.now() - startedAt);
  return found;
}
