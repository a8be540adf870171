import { setTimeout as wait } from 'node:timers/promises';
import { autocommit, listPrepared } from '@indoubt/database';
import { readJournal } from '../../evidence/snapshot/read-journal.ts';
import {
  type LabDatabase,
  type LabDatabases,
  poolsOf,
} from '../../infrastructure/postgres/lab-databases.ts';
import type { Lab } from './start-lab.ts';

const POLL_EVERY_MS = 25;

const KEY_IN_USE = `select from idempotency_keys
                     where status is null and leased_until > clock_timestamp() limit 1`;
const CHARGE_OPEN = "select from card_charges where status in ('REQUESTED', 'HELD') limit 1";

type SettlingLab = Pick<Lab, 'databases' | 'topics' | 'journal'>;

/**
 * Waits until the lab is idle: every message is handled and acknowledged, no branch is in doubt, no
 * global transaction or saga is open, every outbox is empty, no attempt has a lease of an
 * idempotency key, and no charge of a card is open. The order of these reads matters, and the
 * topics are read once more at the end: a branch commits only after the decision is in the
 * coordinator's log, a commit of a branch or handler shows up in the outbox, and a message that has
 * left the outbox in between shows up in a topic.
 * @returns whether the lab became idle within `withinMs`; if not, the checkers report the rest
 */
export async function settle(
  lab: SettlingLab,
  withinMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (performance.now() < until) {
    signal.throwIfAborted();
    if (await isSettled(lab)) return true;
    await wait(POLL_EVERY_MS, undefined, { signal });
  }
  return false;
}

/** A server that does not reply counts as not idle. */
async function isSettled({ databases, topics, journal }: SettlingLab): Promise<boolean> {
  try {
    const before = await topics.settledAt();
    if (before === null || !(await idle(databases)) || (await hasOpenHold(journal))) return false;
    return (await topics.settledAt()) === before;
  } catch {
    return false;
  }
}

async function idle(databases: LabDatabases): Promise<boolean> {
  const { order, payment, inventory, coordinator } = databases;
  return (
    (await nothingPrepared(databases)) &&
    (await none([coordinator], 'select from transactions where ended_at is null limit 1')) &&
    (await none([order], 'select from sagas where awaiting is not null limit 1')) &&
    (await none([order], KEY_IN_USE)) &&
    (await none([payment], CHARGE_OPEN)) &&
    (await none(
      [order, payment, inventory],
      'select from outbox where published_at is null limit 1',
    ))
  );
}

/** An open hold is work in progress: reconciliation voids a hold that has no order. */
async function hasOpenHold(journal: string): Promise<boolean> {
  return (await readJournal(journal)).some(({ status }) => status === 'HELD');
}

async function nothingPrepared(databases: LabDatabases): Promise<boolean> {
  const pools = Object.values(poolsOf(databases));
  const prepared = await Promise.all(pools.map((pool) => listPrepared(autocommit(pool))));
  return prepared.flat().length === 0;
}

async function none(databases: LabDatabase[], open: string): Promise<boolean> {
  const left = await Promise.all(databases.map(({ pool }) => autocommit(pool).query(open)));
  return left.every((rows) => rows.length === 0);
}
