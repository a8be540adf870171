import type { RecordLine } from '@indoubt/record';
import { DATABASE_OWNERS, type DatabaseOwner } from '../infrastructure/provider.ts';
import { pauseBefore } from './look-pace.ts';

/** What became of a look at a database: when the next is due, if no event comes before. */
export type Due = ReadonlyMap<DatabaseOwner, number | null>;

/** Rounds of looks, driven by events. */
export interface Rounds {
  hear(line: RecordLine): void;
  /** A last round over all of them, after the one that is under way. */
  stop(): Promise<void>;
}

/** Never two rounds at once; in each, the databases in which something may have changed. */
export function followEvents(look: (owners: readonly DatabaseOwner[]) => Promise<Due>): Rounds {
  const beganAt = performance.now();
  const agenda = createAgenda();
  let [spentMs, notBefore] = [0, 0];
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let stopped = false;

  function plan(): void {
    const next = agenda.next();
    if (stopped || running !== undefined || next === null) return;
    clearTimeout(timer);
    timer = setTimeout(start, Math.max(0, Math.max(next, notBefore) - performance.now()));
    timer.unref();
  }

  function start(): void {
    running = round(agenda.take(performance.now())).finally(() => {
      running = undefined;
      plan();
    });
  }

  async function round(owners: readonly DatabaseOwner[]): Promise<void> {
    const startedAt = performance.now();
    const next = await look(owners);
    const endedAt = performance.now();
    spentMs += endedAt - startedAt;
    notBefore = endedAt + pauseBefore(spentMs, endedAt - beganAt);
    for (const [owner, inMs] of next) if (inMs !== null) agenda.wish(owner, endedAt + inMs);
  }

  return {
    hear(line) {
      const owner = changedBy(line);
      if (owner === null || stopped) return;
      agenda.wish(owner, performance.now());
      plan();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
      await look(DATABASE_OWNERS);
    },
  };
}

/** Which database is to be looked at when, at the latest. */
function createAgenda() {
  const dueAt = new Map<DatabaseOwner, number>();
  return {
    wish(owner: DatabaseOwner, at: number): void {
      dueAt.set(owner, Math.min(at, dueAt.get(owner) ?? at));
    },
    next: (): number | null => (dueAt.size === 0 ? null : Math.min(...dueAt.values())),
    /** Those that are due; a timer may go off a little early. */
    take(now: number): DatabaseOwner[] {
      const due = [...dueAt].filter(([, at]) => at <= now + 1).map(([owner]) => owner);
      for (const owner of due) dueAt.delete(owner);
      return due;
    },
  };
}

/** They change no row. */
const IDLE = new Set(['message-received', 'service-ready', 'process-started', 'in-doubt-asked']);

/** The database whose rows may be others after this event; null when none of ours. Pure. */
export function changedBy(line: RecordLine): DatabaseOwner | null {
  if (line.kind !== 'event' || IDLE.has(line.event)) return null;
  const owner = line.process.replace(/^relay-/, '').replace(/-\d+$/, '');
  return DATABASE_OWNERS.find((each) => each === owner) ?? null;
}
