import type { LockWait } from '../page/report-data.ts';
import type { SequenceModel, SequenceStep } from '../page/sequence-model.ts';
import { databaseSteps } from './database-steps.ts';
import { type Draft, placeOf } from './draft.ts';
import { eventSteps } from './event-steps.ts';
import { httpSteps } from './http-steps.ts';
import { databaseOf, lifelinesOf } from './lifelines.ts';
import type { Story } from './read-story.ts';

/** What the record cannot know, for nobody writes it: who waited for whose lock. */
export interface SequenceLooks {
  locks: readonly LockWait[];
}

/**
 * What really happened between client, services, databases and Kafka, from the record of a run:
 * the events say what was done and committed, the spans who asked whom, and what waited.
 * @param story  read from the whole record
 * @param looks  what looks at the databases saw meanwhile
 * @returns in the order of time; what waited in an outbox stands where the relay took it
 */
export function sequenceOf(story: Story, looks: SequenceLooks = { locks: [] }): SequenceModel {
  const asked = httpSteps(story);
  const shown = new Set(asked.flatMap(({ event }) => event ?? []));
  const drafts = [
    ...eventSteps(story, shown),
    ...asked,
    ...databaseSteps(story),
    ...looks.locks.map(lockStep),
  ].toSorted((one, other) => placeOf(one) - placeOf(other));
  const steps = withEvents(story, drafts);
  return { lifelines: lifelinesOf(steps), steps };
}

/** At the one place that waits: its database. So it is drawn as long as it took. */
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

/** Beside what no event shows stands the last one before it: of its trace, if there was one. */
function withEvents({ events, msOf }: Story, drafts: readonly Draft[]): SequenceStep[] {
  const lastOf = new Map<string, number>();
  let last: number | null = null;
  let next = 0;
  return drafts.map((draft) => {
    for (let told = events[next]; told !== undefined; told = events[next]) {
      if (msOf(told.line.at) > placeOf(draft)) break;
      last = told.id;
      if (told.line.traceId !== undefined) lastOf.set(told.line.traceId, told.id);
      next += 1;
    }
    const { traceId, event, ...step } = draft;
    return { ...step, event: event ?? lastOf.get(traceId ?? '') ?? last };
  });
}
