import type { RecordEvent } from '@indoubt/record';
import { expect, test } from 'vitest';
import { createSagaTimes } from './saga-times.ts';

type Status = RecordEvent<'saga-advanced'>['status'];
type Recorded = [atMs: number, because: string, send: string | null, kind?: Status | 'retried'];
const FIXED = { orderId: 'o', local: [], reason: null };

/** Records the events of one saga at these times, in milliseconds. @returns the durations */
function durationsOf(events: Recorded[]) {
  let now = 0;
  const { steps, sagas, durations } = collected();
  const record = createSagaTimes(durations, () => now);
  for (const [atMs, because, step, kind = 'running'] of events) {
    now = atMs;
    const [event, status, attempts] =
      kind === 'retried'
        ? (['saga-command-retried', 'running', 2] as const)
        : (['saga-advanced', kind, 1] as const);
    const send = step === null ? [] : [step];
    record({ event, sagaId: 's', ...FIXED, because, status, send, attempts });
  }
  return [steps, sagas];
}

function collected() {
  const steps: object[] = [];
  const sagas: object[] = [];
  return {
    steps,
    sagas,
    durations: {
      step: (labels: object, seconds: number) => void steps.push({ ...labels, seconds }),
      saga: (labels: object, seconds: number) => void sagas.push({ ...labels, seconds }),
    },
  };
}

test('each step is timed from its command, and the saga from its start', () => {
  const [steps, sagas] = durationsOf([
    [0, 'start', 'reserve-stock'],
    [40, 'reserve-stock done', 'authorize-payment'],
    [100, 'authorize-payment refused', 'release-stock', 'compensating'],
    [130, 'release-stock done', null, 'compensated'],
  ]);
  expect(steps).toEqual([
    { step: 'reserve-stock', outcome: 'done', seconds: 0.04 },
    { step: 'authorize-payment', outcome: 'refused', seconds: 0.06 },
    { step: 'release-stock', outcome: 'done', seconds: 0.03 },
  ]);
  expect(sagas).toEqual([{ status: 'compensated', seconds: 0.13 }]);
});

test('a step that is commanded again is timed from its first command', () => {
  const [steps] = durationsOf([
    [0, 'start', 'reserve-stock'],
    [500, 'reserve-stock expired', 'reserve-stock', 'retried'],
    [700, 'reserve-stock done', 'authorize-payment'],
  ]);
  expect(steps).toEqual([{ step: 'reserve-stock', outcome: 'done', seconds: 0.7 }]);
});

test('a step that another copy of the service commanded is not timed, and the next step is', () => {
  const [steps, sagas] = durationsOf([
    [0, 'start', 'reserve-stock'],
    // Another copy receives the answer about the stock, and commands the payment.
    [900, 'authorize-payment done', 'capture-payment'],
    [950, 'capture-payment done', null, 'completed'],
  ]);
  expect(steps).toEqual([{ step: 'capture-payment', outcome: 'done', seconds: 0.05 }]);
  expect(sagas).toEqual([{ status: 'completed', seconds: 0.95 }]);
});

test('a saga that was started before this process is not timed', () => {
  expect(durationsOf([[100, 'reserve-stock done', 'authorize-payment']])).toEqual([[], []]);
});

test('with more than 10,000 sagas in progress the oldest saga is not timed', () => {
  const { steps, durations } = collected();
  const record = createSagaTimes(durations, () => 0);
  const step = (sagaId: string, because: string, status: Status) => {
    const send = ['a'];
    record({ event: 'saga-advanced', sagaId, ...FIXED, because, status, send, attempts: 1 });
  };
  for (let index = 0; index <= 10_000; index += 1) step(`s${index}`, 'start', 'running');
  step('s0', 'a done', 'completed');
  expect(steps).toEqual([]);
  step('s1', 'a done', 'completed');
  expect(steps).toEqual([{ step: 'a', outcome: 'done', seconds: 0 }]);
});
