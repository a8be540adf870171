import { setTimeout as wait } from 'node:timers/promises';
import { autocommit } from '@indoubt/database';
import type { LabDatabases } from './lab-databases.ts';
import type { LabTopics } from './lab-topics.ts';

const LOOK_EVERY_MS = 25;

/**
 * Waits until nothing is under way any more: every message handled and acknowledged, every outbox
 * empty, no saga open. Looked at in this order and then at the topics once more: what a handler
 * commits before it acknowledges shows up in the outbox, and what left the outbox meanwhile shows
 * up as a topic that grew.
 * @returns whether that came within `withinMs`; if not, the checkers will say what was left
 */
export async function settle(
  databases: LabDatabases,
  topics: LabTopics,
  withinMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (performance.now() < until) {
    signal.throwIfAborted();
    if (await isSettled(databases, topics)) return true;
    await wait(LOOK_EVERY_MS, undefined, { signal });
  }
  return false;
}

/** A server that does not answer is one more thing that is not at rest. */
async function isSettled(databases: LabDatabases, topics: LabTopics): Promise<boolean> {
  try {
    const before = await topics.settledAt();
    if (before === null || !(await idle(databases))) return false;
    return (await topics.settledAt()) === before;
  } catch {
    return false;
  }
}

async function idle(databases: LabDatabases): Promise<boolean> {
  const outboxes = Object.values(databases).map(({ pool }) =>
    autocommit(pool).query('select from outbox where published_at is null limit 1'),
  );
  const sagas = autocommit(databases.order.pool).query(
    'select from sagas where awaiting is not null limit 1',
  );
  const left = await Promise.all([...outboxes, sagas]);
  return left.every((rows) => rows.length === 0);
}
