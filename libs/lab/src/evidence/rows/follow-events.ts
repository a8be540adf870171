import type { EventName, RecordLine } from '@indoubt/record';
import { DATABASE_OWNERS, type DatabaseOwner } from '../../infrastructure/provider.ts';
import { pauseBefore } from './poll-pace.ts';

/** By database: milliseconds until the next poll, if no event comes before; null for no poll. */
export type Due = ReadonlyMap<DatabaseOwner, number | null>;

/** Rounds of polls, driven by events. */
export interface Rounds {
  hear(line: RecordLine): void;
  /** Waits for the round in progress, then polls all databases once more. */
  stop(): Promise<void>;
}

/** Polls the databases whose rows an event may have changed. Rounds never overlap. */
export function followEvents(poll: (owners: readonly DatabaseOwner[]) => Promise<Due>): Rounds {
  const beganAt = performance.now();
  const schedule = createSchedule();
  let [spentMs, notBefore] = [0, 0];
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let stopped = false;

  function plan(): void {
    const next = schedule.next();
    if (stopped || running !== undefined || next === null) return;
    clearTimeout(timer);
    timer = setTimeout(start, Math.max(0, Math.max(next, notBefore) - performance.now()));
    timer.unref();
  }

  function start(): void {
    running = round(schedule.take(performance.now())).finally(() => {
      running = undefined;
      plan();
    });
  }

  async function round(owners: readonly DatabaseOwner[]): Promise<void> {
    const startedAt = performance.now();
    const next = await poll(owners);
    const endedAt = performance.now();
    spentMs += endedAt - startedAt;
    notBefore = endedAt + pauseBefore(spentMs, endedAt - beganAt);
    for (const [owner, inMs] of next) if (inMs !== null) schedule.add(owner, endedAt + inMs);
  }

  return {
    hear(line) {
      if (stopped) return;
      const now = performance.now();
      for (const owner of changedBy(line)) {
        schedule.add(owner, now);
        if (line.kind === 'event' && line.event === 'message-sent') schedule.addLater(owner, now);
      }
      plan();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
      await poll(DATABASE_OWNERS);
    },
  };
}

/**
 * A relay marks its row after it has recorded the sending, so the first poll may come too early.
 */
const MARKED_WITHIN_MS = 100;

/** The time at which each database must be polled. */
function createSchedule() {
  const dueAt = new Map<DatabaseOwner, number>();
  const notBefore = new Map<DatabaseOwner, number>();
  const add = (owner: DatabaseOwner, at: number): void => {
    dueAt.set(owner, Math.min(at, dueAt.get(owner) ?? at));
  };
  return {
    add,
    /** Adds one more poll after the mark must be written, whatever polls come before. */
    addLater(owner: DatabaseOwner, now: number): void {
      notBefore.set(owner, now + MARKED_WITHIN_MS);
    },
    next: (): number | null => (dueAt.size === 0 ? null : Math.min(...dueAt.values())),
    /** Takes the databases that are due. A timer may fire a little early. */
    take(now: number): DatabaseOwner[] {
      const due = [...dueAt].filter(([, at]) => at <= now + 1).map(([owner]) => owner);
      for (const owner of due) {
        dueAt.delete(owner);
        const later = notBefore.get(owner) ?? now;
        notBefore.delete(owner);
        if (later > now) add(owner, later);
      }
      return due;
    },
  };
}

/** Events that change no row. */
const IDLE = new Set<EventName>([
  'message-received',
  'service-ready',
  'process-started',
  'outcome-requested',
]);

/**
 * The databases whose rows this event may have changed; empty when the event is of another process.
 * Pure.
 */
export function changedBy(line: RecordLine): readonly DatabaseOwner[] {
  if (line.kind !== 'event' || IDLE.has(line.event)) return [];
  const owner =
    line.event === 'heuristic-decision'
      ? line.owner
      : line.process.replace(/^relay-/, '').replace(/-\d+$/, '');
  return DATABASE_OWNERS.filter((each) => each === owner);
}
