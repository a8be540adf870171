import { createPool, type Pool } from '@indoubt/database';
import { epochMs, type RecordLine } from '@indoubt/record';
import type { LabDatabase } from '../../infrastructure/postgres/lab-databases.ts';
import { DATABASE_OWNERS, type DatabaseOwner } from '../../infrastructure/provider.ts';
import { type Due, followEvents } from './follow-events.ts';
import { inTime, openInTime } from './open-in-time.ts';
import { createRowsSeen, type RowsSeen } from './rows-seen.ts';
import type { RunRows } from './run-rows.ts';
import { type Look, openWatched, takeLook, type Watched } from './take-look.ts';

/** Looks at the rows of a lab while its story is played. */
export interface RowWatch {
  /** Told every event of the record: those that may have changed rows are followed by a look. */
  hear(line: RecordLine): void;
  /** Takes a last look and lets go of the databases, before they are dropped. Never fails. */
  stop(): Promise<RunRows>;
}

/** While something is prepared, or waits: it may end without an event. */
const HELD_EVERY_MS = 250;
/** Of what a look saw, more may come without an event: a mark is written after what it marks. */
const AFTER_CHANGE_MS = 100;
/** A server that is away. */
const AGAIN_MS = 500;
/** What we read, nobody holds for long; and behind a lock of the whole table we do not queue. */
const LOCK_WITHIN_MS = 50;
/** A server that is silent must not keep a run from its beginning, nor from its end. */
const SILENT_MS = 2_000;

/**
 * Takes the first look; further ones follow the events. A database that does not answer in time is
 * not looked at, and nothing here fails a run.
 */
export async function watchRows(
  databases: Record<DatabaseOwner, Pick<LabDatabase, 'url'>>,
): Promise<RowWatch> {
  const pools = DATABASE_OWNERS.map((owner): [DatabaseOwner, Pool] => {
    const { url } = databases[owner];
    const limits = { connectionsMax: 1, lockWithinMs: LOCK_WITHIN_MS };
    return [owner, createPool({ url, name: 'looks at rows', ...limits })];
  });
  const seen = createRowsSeen();
  const opening = pools.map(([owner, pool]) => [owner, open(pool)] as const);
  const { opened, missed } = await openInTime(opening, SILENT_MS);
  for (const [owner, { tables, first }] of opened) seen.begin(owner, tables, first);
  const looks: RunRows['looks'] = { done: 0, missed, tookMs: 0 };
  const rounds = followEvents((owners) => lookAt(owners, opened, seen, looks));
  const end = async (): Promise<RunRows> => {
    await inTime(rounds.stop(), SILENT_MS);
    await inTime(Promise.all(pools.map(([, pool]) => pool.end())), SILENT_MS);
    return seen.result(looks);
  };
  let ended: Promise<RunRows> | undefined;
  return { hear: rounds.hear, stop: () => (ended ??= end()) };
}

async function open(pool: Pool): Promise<Watched & { first: Look }> {
  const watched = await openWatched(pool);
  return { ...watched, first: await takeLook(watched, epochMs) };
}

async function lookAt(
  owners: readonly DatabaseOwner[],
  watched: ReadonlyMap<DatabaseOwner, Watched>,
  seen: RowsSeen,
  looks: RunRows['looks'],
): Promise<Due> {
  const startedAt = performance.now();
  const due = owners.map(async (owner): Promise<[DatabaseOwner, number | null]> => {
    const database = watched.get(owner);
    if (database === undefined) return [owner, null];
    try {
      const { changed, held } = seen.see(owner, await takeLook(database, epochMs));
      looks.done += 1;
      return [owner, changed ? AFTER_CHANGE_MS : held ? HELD_EVERY_MS : null];
    } catch {
      looks.missed += 1;
      return [owner, AGAIN_MS];
    }
  });
  const found = new Map(await Promise.all(due));
  looks.tookMs += Math.round(performance.now() - startedAt);
  return found;
}
