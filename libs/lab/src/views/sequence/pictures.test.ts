import { EVENT_NAMES } from '@indoubt/record';
import { expect, test } from 'vitest';
import { eventLine, ORDER_ID } from '../../evidence/record/sample-lines.fixture.ts';
import type { EventLine } from '../../evidence/record/told-fields.ts';
import { PICTURES, pictureOf } from './pictures.ts';
import { readStory } from './read-story.ts';
import { sequenceOf } from './sequence-of.ts';

const asked = { method: 'POST', path: '/orders', key: 'k1' };
const requested = eventLine('client', 0, { event: 'client-request', ...asked });

test.each(EVENT_NAMES)('%s is drawn, or there is a reason why not', (event) => {
  const fields = { event, orderId: ORDER_ID, gid: `lab/payment/${ORDER_ID}` };
  // The first start of a process is no news, a second one is.
  const twice = [eventLine('order', 1, fields), eventLine('order', 2, fields)];
  const { steps } = sequenceOf(readStory([requested, ...twice]));
  const reason = PICTURES[event];
  if (typeof reason === 'string') expect(reason.length).toBeGreaterThan(20);
  else expect(steps.filter((step) => step.event !== 0)).not.toEqual([]);
});

test('an event of a later version is not drawn, and nothing falls over', () => {
  const line = { kind: 'event', process: 'order', pid: 1, at: 1, event: 'constructor' };
  expect(pictureOf(line as unknown as EventLine, false)).toBeNull();
});

test.each([
  ['branch-voted', { vote: 'yes' }, 'prepared payment→payments-db'],
  ['branch-voted', { vote: 'yes', again: true }, 'duplicate payment→payments-db'],
  ['branch-voted', { vote: 'no' }, 'refusal payment→payment'],
  ['branch-voted', { vote: 'read-only' }, 'note payment→payment'],
  ['branch-ended', { decision: 'commit' }, 'commit payment→payments-db'],
  ['branch-ended', { decision: 'abort' }, 'rollback payment→payments-db'],
  ['branch-ended', { decision: 'abort', how: 'already' }, 'duplicate payment→payment'],
  ['branch-ended', { decision: 'abort', how: 'tombstone' }, 'note payment→payments-db'],
  ['transaction-ended', { decision: 'commit' }, 'commit payment→payments-db'],
  ['transaction-ended', { decision: 'abort' }, 'note payment→payment'],
  ['process-paused', {}, 'pause payment→payment'],
  ['process-resumed', {}, 'resume payment→payment'],
  ['charge-unanswered', { mayBeCharged: true }, 'in-doubt payment→payment'],
  ['charge-unanswered', { mayBeCharged: false }, 'note payment→payment'],
])('%s %o is %s', (event, fields, picture) => {
  const line = eventLine('payment', 5, { event, orderId: ORDER_ID, ...fields });
  const last = sequenceOf(readStory([requested, line])).steps.at(-1);
  expect(`${last?.kind} ${last?.from}→${last?.to}`).toBe(picture);
});

test.each([
  ['our own branch', { gid: `lab/payment/${ORDER_ID}` }, 'payments-db'],
  [
    'an orphan, by the database it was in',
    { gid: 'stock-import-7', owner: 'inventory' },
    'inventory-db',
  ],
  ['an orphan of an old record', { gid: 'stock-import-7' }, 'operator'],
  ['a gid of somebody else', { gid: 'a/b/c' }, 'operator'],
])('a decision by hand on %s is drawn where it is known', (_what, fields, to) => {
  const byHand = { event: 'heuristic-decision', decision: 'abort', ...fields };
  const { steps, lifelines } = sequenceOf(readStory([requested, eventLine('operator', 9, byHand)]));
  expect(steps.at(-1)).toMatchObject({ from: 'operator', to });
  expect(lifelines.map(({ id }) => id)).toContain(to);
});
