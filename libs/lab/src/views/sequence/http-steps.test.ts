import type { RecordLine } from '@indoubt/record';
import { expect, test } from 'vitest';
import { ORDER_ID } from '../../evidence/record/sample-events.fixture.ts';
import { eventLine } from '../../evidence/record/sample-lines.fixture.ts';
import { readStory } from './read-story.ts';
import { inTime, spanLines } from './sample-span.fixture.ts';
import { sequenceOf } from './sequence-of.ts';

const traceId = 'trace-a';
const requested = eventLine('client', 0, { event: 'client-request', traceId });
const answered = eventLine('client', 60, { event: 'client-response', orderId: ORDER_ID, traceId });

function drawn(lines: RecordLine[]): string[] {
  return sequenceOf(readStory(inTime(lines))).steps.map(
    ({ kind, from, to, text }) => `${kind} ${from}→${to}: ${text}`,
  );
}

const question = {
  process: 'payment',
  spanKind: 2,
  attributes: {
    'url.full': 'http://127.0.0.1:7/charges',
    'breaker.name': 'card-processor, holds',
    'http.response.status_code': 201,
  },
};

test('a request is drawn to its server with its retries and its response', () => {
  const serving = { process: 'card-processor', spanKind: 1, parentSpanId: 'request' };
  const lines = [
    requested,
    answered,
    ...spanLines('charge card', { ...question, spanId: 'request', startMs: 5, endMs: 30 }),
    ...spanLines('POST /charges', { ...serving, startMs: 8, endMs: 12 }),
    ...spanLines('POST /charges', { ...serving, startMs: 20, endMs: 22 }),
  ];
  expect(drawn(lines).slice(1, 4)).toEqual([
    'request payment→card-processor: charge card',
    'retry payment→card-processor: charge card, sent again',
    'answer card-processor→payment: 201',
  ]);
});

test('the same request for the same order is drawn as a retry', () => {
  const requestSpans = (startMs: number, spanId: string) => [
    ...spanLines('charge card', { ...question, spanId, startMs, endMs: startMs + 9 }),
    ...spanLines('POST /charges', {
      process: 'card-processor',
      spanKind: 1,
      parentSpanId: spanId,
      startMs: startMs + 1,
      endMs: startMs + 8,
    }),
  ];
  const steps = drawn([requested, answered, ...requestSpans(5, 'one'), ...requestSpans(25, 'two')]);
  expect(steps.filter((step) => /request|retry/.test(step)).slice(1)).toEqual([
    'request payment→card-processor: charge card',
    'retry payment→card-processor: charge card, again',
  ]);
});

test('repeated failed requests are one step until a request is served', () => {
  const { 'http.response.status_code': _none, ...unanswered } = question.attributes;
  const failed = 'Failure: charge card: POST /charges: no connection (ECONNREFUSED)';
  const requestSpans = (startMs: number, spanId: string) =>
    spanLines('charge card', {
      ...question,
      attributes: unanswered,
      spanId,
      startMs,
      endMs: startMs + 1,
      failed,
    });
  const served = { process: 'card-processor', spanKind: 1, parentSpanId: 'd', startMs: 40 };
  const lines = [
    requested,
    answered,
    ...requestSpans(5, 'a'),
    ...requestSpans(10, 'b'),
    ...requestSpans(20, 'c'),
    ...requestSpans(40, 'd'),
    ...spanLines('POST /charges', { ...served, endMs: 41 }),
    ...requestSpans(50, 'e'),
  ];
  const text = 'charge card: no connection (ECONNREFUSED)';
  expect(drawn(lines).filter((step) => step.startsWith('lost'))).toEqual([
    `lost payment→card-processor: ${text}, 3 times`,
    'lost card-processor→payment: no connection (ECONNREFUSED)',
    `lost payment→card-processor: ${text}`,
  ]);
});

test('requests of timers and of the lab, which work for no order, are left out', () => {
  const other = { ...question, traceId: 'trace-of-the-clock', startMs: 5, endMs: 6 };
  expect(drawn([requested, answered, ...spanLines('list charges', other)])).toHaveLength(2);
});

test('a request that the circuit breaker refused is a note, not a loss', () => {
  const { 'http.response.status_code': _none, ...unanswered } = question.attributes;
  const why = 'not sent, since the target has failed too often in the last seconds';
  const failed = `Failure: charge card: POST /charges: ${why}`;
  const refused = { ...question, attributes: unanswered, startMs: 5, endMs: 5, failed };
  expect(drawn([requested, answered, ...spanLines('charge card', refused)])[1]).toBe(
    `note payment→payment: charge card: ${why}`,
  );
});
