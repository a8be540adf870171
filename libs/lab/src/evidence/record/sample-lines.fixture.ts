import type { EventLine, EventName, RecordLine } from '@indoubt/record';
import { ORDER_ID, SAGA_ID, SAMPLE_EVENTS } from './sample-events.fixture.ts';

/** An event with only the fields that a test needs. */
export type SampleEvent<N extends EventName = EventName> = {
  [Name in EventName]: { event: Name } & Some<EventLine<Name>>;
}[N];

type Some<Line> = Line extends unknown ? Partial<Omit<Line, 'event' | 'kind'>> : never;

/** A complete line of the record. Missing fields come from `SAMPLE_EVENTS`. */
export function eventLine<N extends EventName>(
  process: string,
  atMs: number,
  sample: SampleEvent<N>,
): EventLine<N> {
  return Object.assign(sampleLine(process, atMs, sample.event), sample) as EventLine<N>;
}

/** The line of an event of which a test needs only the name. */
export function sampleLine<N extends EventName>(
  process: string,
  atMs: number,
  event: N,
): EventLine<N> {
  const start = { kind: 'event', event, process, pid: 4711, at: 1_700_000_000_000 + atMs };
  const fields: object = SAMPLE_EVENTS[event];
  const line: object = { ...start, ...fields };
  return line as EventLine<N>;
}

type Read = Extract<EventLine<'client-response'>, { method: 'GET' }>;

/** The response to a GET of a client; the sample of `client-response` is the response to a POST. */
export function readLine(atMs: number, fields: Partial<Read> & Pick<Read, 'path'>): Read {
  const start = { process: 'client', pid: 4711, at: 1_700_000_000_000 + atMs };
  const answer = { status: 200, outcome: 'ok', invokedAt: 0, returnedAt: 6 } as const;
  return { kind: 'event', event: 'client-response', method: 'GET', ...start, ...answer, ...fields };
}

/** The record of one order whose card is declined. */
export function sampleLines(): RecordLine[] {
  const ids = { orderId: ORDER_ID, sagaId: SAGA_ID };
  const reserve = { type: 'reserve-stock', step: 'reserve-stock', messageId: 'a' };
  const release = { type: 'release-stock', step: 'release-stock', messageId: 'b' };
  const reason = 'payment-declined';
  const back = { because: 'capture-payment refused', status: 'compensating', reason } as const;
  return [
    eventLine('client', 0, { event: 'client-request' }),
    eventLine('order', 4, { event: 'order-placed', ...ids }),
    eventLine('order', 4, { event: 'saga-advanced', ...ids }),
    eventLine('client', 6, { event: 'client-response', orderId: ORDER_ID }),
    eventLine('relay-order', 9, { event: 'message-sent', ...ids, ...reserve }),
    eventLine('inventory', 12, { event: 'message-handled', ...ids, ...reserve, how: 'act' }),
    eventLine('order', 31, { event: 'saga-advanced', ...ids, ...back, send: ['release-stock'] }),
    eventLine('inventory', 38, { event: 'message-handled', ...ids, ...release, how: 'undo' }),
    eventLine('order', 44, { event: 'order-ended', status: 'REJECTED', reason }),
  ];
}
