import type { LockWait } from '../page/report-data.ts';
import type { SequenceModel, SequenceStep } from '../page/sequence-model.ts';
import { databaseSteps } from './database-steps.ts';
import { type Draft, placeOf } from './draft.ts';
import { eventSteps } from './event-steps.ts';
import { httpSteps } from './http-steps.ts';
import { databaseOf, lifelinesOf } from './lifelines.ts';
import type { Story } from './read-story.ts';

/** Lock waits, which are polled from the databases because no process records them. */
export interface PolledLocks {
  locks: readonly LockWait[];
}

/**
 * The interactions of client, services, databases and Kafka in a run: effects and commits from the
 * events, requests and waits from the spans.
 * @param story  read from the whole record
 * @param polled  what polls of the databases saw
 * @returns steps ordered by time; a message that waited in an outbox stands where the relay took it
 */
export function sequenceOf(story: Story, polled: PolledLocks = { locks: [] }): SequenceModel {
  const requests = httpSteps(story);
  const shown = new Set(requests.flatMap(({ event }) => event ?? []));
  const drafts = [
    ...eventSteps(story, shown),
    ...requests,
    ...databaseSteps(story),
    ...polled.locks.map(lockStep),
  ].toSorted((one, other) => placeOf(one) - placeOf(other));
  const steps = withEvents(story, drafts);
  return { lifelines: lifelinesOf(steps), steps };
}

/** A wait is drawn at the database, with its duration. */
function lockStep({ owner, statement, heldBy, fromMs, untilMs, event }: LockWait): Draft {
  const database = databaseOf(owner);
  return {
    ...(event !== null && { event }),
    traceId: undefined,
    atMs: fromMs,
    untilMs,
    order: null,
    kind: 'lock-wait',
    from: database,
    to: database,
    text: `waits for a lock of ${heldBy}: ${statement}`,
  };
}

/** Gives each step without an event the last event before it, of the same trace if possible. */
function withEvents({ events, msOf }: Story, drafts: readonly Draft[]): SequenceStep[] {
  const lastOf = new Map<string, number>();
  let last: number | null = null;
  let next = 0;
  return drafts.map((draft) => {
    for (let event = events[next]; event !== undefined; event = events[next]) {
      if (msOf(event.line.at) > placeOf(draft)) break;
      last = event.id;
      if (event.line.traceId !== undefined) lastOf.set(event.line.traceId, event.id);
      next += 1;
    }
    const { traceId, event, ...step } = draft;
    return { ...step, event: event ?? lastOf.get(traceId ?? '') ?? last };
  });
}
