import { expect, test } from 'vitest';
import { createSagaTimes } from './saga-times.ts';
import { BOUNDS_SECONDS } from './tally.ts';

type Told = [atMs: number, because: string, send: string | null, kind?: string];

/** A saga that is told of at these times, milliseconds: what came, and what it asks for then. */
function told(events: Told[]) {
  let now = 0;
  const times = createSagaTimes(() => now);
  for (const [atMs, because, step, kind = 'running'] of events) {
    now = atMs;
    const event = kind === 'asked-again' ? 'saga-asked-again' : 'saga-advanced';
    times.add({ event, sagaId: 's', because, status: kind, send: step === null ? [] : [step] });
  }
  return times.metrics().map(({ samples }) =>
    samples.map((sample) => ({
      ...sample.labels,
      seconds: 'sum' in sample ? sample.sum : Number.NaN,
    })),
  );
}

test('each step is timed from its command, and the saga from its start', () => {
  const [steps, sagas] = told([
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

test('a step that is asked again counts from when it was asked first', () => {
  const [steps] = told([
    [0, 'start', 'reserve-stock'],
    [500, 'reserve-stock expired', 'reserve-stock', 'asked-again'],
    [700, 'reserve-stock done', 'authorize-payment'],
  ]);
  expect(steps).toEqual([{ step: 'reserve-stock', outcome: 'done', seconds: 0.7 }]);
});

test('a step that another copy asked for is not timed, what comes after it is', () => {
  const [steps, sagas] = told([
    [0, 'start', 'reserve-stock'],
    // Another copy hears that stock is reserved, and asks for the payment.
    [900, 'authorize-payment done', 'capture-payment'],
    [950, 'capture-payment done', null, 'completed'],
  ]);
  expect(steps).toEqual([{ step: 'capture-payment', outcome: 'done', seconds: 0.05 }]);
  expect(sagas).toEqual([{ status: 'completed', seconds: 0.95 }]);
});

test('a saga that was started before this process is not timed', () => {
  expect(told([[100, 'reserve-stock done', 'authorize-payment']])).toEqual([[], []]);
});

test('of too many sagas under way the oldest is given up, and memory stays bounded', () => {
  const times = createSagaTimes(() => 0);
  const step = (sagaId: string, because: string, status: string) =>
    times.add({ event: 'saga-advanced', sagaId, because, status, send: ['a'] });
  for (let index = 0; index <= 10_000; index += 1) step(`s${index}`, 'start', 'running');
  step('s0', 'a done', 'completed');
  step('s1', 'a done', 'completed');
  const [steps] = times.metrics();
  const [only] = steps?.samples ?? [];
  expect(only).toMatchObject({ counts: [1, ...BOUNDS_SECONDS.map(() => 0)] });
});
