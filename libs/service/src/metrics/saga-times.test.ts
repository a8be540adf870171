import { expect, test } from 'vitest';
import { createSagaTimes } from './saga-times.ts';
import { BOUNDS_SECONDS } from './tally.ts';

/** Sagas that are told of at these times, milliseconds. */
function told(events: [atMs: number, because: string, status: string, event?: 'asked-again'][]) {
  let now = 0;
  const times = createSagaTimes(() => now);
  for (const [atMs, because, status, kind = 'advanced'] of events) {
    now = atMs;
    times.add({ event: `saga-${kind}`, sagaId: 's', because, status });
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
    [0, 'start', 'running'],
    [40, 'reserve-stock done', 'running'],
    [100, 'authorize-payment refused', 'compensating'],
    [130, 'release-stock done', 'compensated'],
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
    [0, 'start', 'running'],
    [500, 'reserve-stock expired', 'running', 'asked-again'],
    [700, 'reserve-stock done', 'running'],
  ]);
  expect(steps).toEqual([{ step: 'reserve-stock', outcome: 'done', seconds: 0.7 }]);
});

test('a saga that was started before this process is not timed', () => {
  expect(told([[100, 'reserve-stock done', 'running']])).toEqual([[], []]);
});

test('of too many sagas under way the oldest is given up, and memory stays bounded', () => {
  const times = createSagaTimes(() => 0);
  const step = (sagaId: string, because: string, status: string) =>
    times.add({ event: 'saga-advanced', sagaId, because, status });
  for (let index = 0; index <= 10_000; index += 1) step(`s${index}`, 'start', 'running');
  step('s0', 'a done', 'completed');
  step('s1', 'a done', 'completed');
  const [steps] = times.metrics();
  const [only] = steps?.samples ?? [];
  expect(only).toMatchObject({ counts: [1, ...BOUNDS_SECONDS.map(() => 0)] });
});
