import { expect, onTestFinished, test } from 'vitest';
import { EVENT_NAMES } from './event-names.ts';
import { onRecord, record } from './record.ts';
import type { RecordEvent } from './record-event.ts';

const key = { orderId: 'o', key: 'k' };
const misspelt = { orderId: 'o', key: 'k', ammountCents: 900 };

/** TypeScript reports each `@ts-expect-error` below that stands over a correct line. */
function wrongEvents(): void {
  record({ event: 'hold-made', ...key, amountCents: 900 });
  // @ts-expect-error: there is no event of this name
  record({ event: 'hold-mdae', ...key, amountCents: 900 });
  // @ts-expect-error: a field is missing
  record({ event: 'hold-made', ...key });
  // @ts-expect-error: a field has another type
  record({ event: 'hold-made', ...key, amountCents: '9.00' });
  // @ts-expect-error: the event has no such field
  record({ event: 'hold-voided', ...key, amountCents: 900 });
  // @ts-expect-error: behind a spread, the event has no such field
  record({ event: 'hold-made', amountCents: 900, ...misspelt });
  // @ts-expect-error: a process has no order
  record({ event: 'service-ready', port: 1, orderId: 'o' });
}

test('an event with wrong fields is an error of tsc', () => {
  expect(wrongEvents).toBeTypeOf('function');
});

test('a listener reads the fields of the event that it has narrowed to', () => {
  const amounts: number[] = [];
  const listen = (event: RecordEvent) => {
    if (event.event === 'hold-made') amounts.push(event.amountCents);
  };
  onTestFinished(onRecord(listen));
  record({ event: 'hold-made', ...key, amountCents: 900 });
  record({ event: 'hold-voided', ...key });
  expect(amounts).toEqual([900]);
});

test('the list of names has every event once', () => {
  expect(new Set(EVENT_NAMES).size).toBe(EVENT_NAMES.length);
  expect(EVENT_NAMES).toContain('saga-command-retried');
});
