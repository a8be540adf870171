import type { EventName, RecordLine } from '@indoubt/record';
import { DATABASE_OWNERS, type DatabaseOwner } from '../../infrastructure/provider.ts';
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
      if (stopped) return;
      const now = performance.now();
      for (const owner of changedBy(line)) {
        agenda.wish(owner, now);
        if (line.kind === 'event' && line.event === 'message-sent') agenda.wishLater(owner, now);
      }
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

/** A relay marks its row after it has noted that it sent: by then the first look may be over. */
const MARKED_WITHIN_MS = 100;

/** Which database is to be looked at when, at the latest. */
function createAgenda() {
  const dueAt = new Map<DatabaseOwner, number>();
  const notBefore = new Map<DatabaseOwner, number>();
  const wish = (owner: DatabaseOwner, at: number): void => {
    dueAt.set(owner, Math.min(at, dueAt.get(owner) ?? at));
  };
  return {
    wish,
    /** One look more when the mark must be there, whatever looks there are before. */
    wishLater(owner: DatabaseOwner, now: number): void {
      notBefore.set(owner, now + MARKED_WITHIN_MS);
    },
    next: (): number | null => (dueAt.size === 0 ? null : Math.min(...dueAt.values())),
    /** Those that are due; a timer may go off a little early. */
    take(now: number): DatabaseOwner[] {
      const due = [...dueAt].filter(([, at]) => at <= now + 1).map(([owner]) => owner);
      for (const owner of due) {
        dueAt.delete(owner);
        const later = notBefore.get(owner) ?? now;
        notBefore.delete(owner);
        if (later > now) wish(owner, later);
      }
      return due;
    },
  };
}

/** They change no row. */
const IDLE = new Set<EventName>([
  'message-received',
  'service-ready',
  'process-started',
  'outcome-requested',
]);

/** The databases whose rows may be others after this event; none when none of ours. Pure. */
export function changedBy(line: RecordLine): readonly DatabaseOwner[] {
  if (line.kind !== 'event' || IDLE.has(line.event)) return [];
  const owner =
    line.event === 'heuristic-decision'
      ? line.owner
      : line.process.replace(/^relay-/, '').replace(/-\d+$/, '');
  return DATABASE_OWNERS.filter((each) => each === owner);
}
