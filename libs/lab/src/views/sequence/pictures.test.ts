import { EVENT_NAMES } from '@indoubt/record';
import { expect, test } from 'vitest';
import {
  eventLine,
  type SampleEvent,
  sampleLine,
} from '../../evidence/record/sample-lines.fixture.ts';
import { PICTURES } from './pictures.ts';
import { readStory } from './read-story.ts';
import { sequenceOf } from './sequence-of.ts';

const requested = eventLine('client', 0, { event: 'client-request' });

test.each(EVENT_NAMES)('the event %s is drawn or has a reason not to be drawn', (event) => {
  // Only a second start of a process is drawn.
  const twice = [sampleLine('order', 1, event), sampleLine('order', 2, event)];
  const { steps } = sequenceOf(readStory([requested, ...twice]));
  const reason = PICTURES[event];
  if (typeof reason === 'string') expect(reason.length).toBeGreaterThan(20);
  else expect(steps.filter((step) => step.event !== 0)).not.toEqual([]);
});

test.each<[SampleEvent, string]>([
  [{ event: 'branch-voted', vote: 'yes' }, 'prepared payment→payments-db'],
  [{ event: 'branch-voted', vote: 'yes', repeated: true }, 'duplicate payment→payments-db'],
  [{ event: 'branch-voted', vote: 'no' }, 'refusal payment→payment'],
  [{ event: 'branch-voted', vote: 'read-only' }, 'note payment→payment'],
  [{ event: 'branch-ended', decision: 'commit' }, 'commit payment→payments-db'],
  [{ event: 'branch-ended', decision: 'abort' }, 'rollback payment→payments-db'],
  [{ event: 'branch-ended', decision: 'abort', how: 'already' }, 'duplicate payment→payment'],
  [{ event: 'branch-ended', decision: 'abort', how: 'tombstone' }, 'note payment→payments-db'],
  [{ event: 'transaction-ended', decision: 'commit' }, 'commit payment→payments-db'],
  [{ event: 'transaction-ended', decision: 'abort' }, 'note payment→payment'],
  [{ event: 'process-paused' }, 'pause payment→payment'],
  [{ event: 'process-resumed' }, 'resume payment→payment'],
  [{ event: 'charge-unanswered', mayBeCharged: true }, 'in-doubt payment→payment'],
  [{ event: 'charge-unanswered', mayBeCharged: false }, 'note payment→payment'],
])('the event %j is drawn as %s', (event, picture) => {
  const line = eventLine('payment', 5, event);
  const last = sequenceOf(readStory([requested, line])).steps.at(-1);
  expect(`${last?.kind} ${last?.from}→${last?.to}`).toBe(picture);
});

test('a heuristic decision is drawn at the database of the prepared transaction', () => {
  const byHand = {
    event: 'heuristic-decision',
    gid: 'stock-import-7',
    owner: 'inventory',
  } as const;
  const { steps, lifelines } = sequenceOf(readStory([requested, eventLine('operator', 9, byHand)]));
  expect(steps.at(-1)).toMatchObject({ from: 'operator', to: 'inventory-db' });
  expect(lifelines.map(({ id }) => id)).toContain('inventory-db');
});
