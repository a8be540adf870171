import { expect, test } from 'vitest';
import { sampleReport } from './sample-report.fixture.ts';
import { layoutSequence, TIME_WIDTH } from './sequence-layout.ts';

const { sequence } = sampleReport('saga', { orders: 1 });
const layout = layoutSequence(sequence);

test('lifelines are side by side, to the right of the time', () => {
  const xs = layout.lifelines.map(({ x }) => x);
  expect(xs).toEqual(xs.toSorted((a, b) => a - b));
  expect(new Set(xs).size).toBe(sequence.lifelines.length);
  expect(xs[0]).toBeGreaterThan(TIME_WIDTH);
  expect(xs.at(-1)).toBeLessThan(layout.width);
});

test('every step has a row of its own, in the order of time and inside the picture', () => {
  expect(layout.steps).toHaveLength(sequence.steps.length);
  layout.steps.forEach(({ top, height, y, lines }, index) => {
    const next = layout.steps[index + 1]?.top ?? layout.height;
    expect(next).toBeGreaterThanOrEqual(top + height);
    expect(y).toBeGreaterThan(top);
    expect(y).toBeLessThan(top + height);
    for (const line of lines) expect(line.y).toBeLessThan(top + height);
  });
});

test('every text is inside the picture', () => {
  for (const { lines, textX, anchor } of layout.steps) {
    const width = Math.max(...lines.map(({ text }) => text.length)) * 7;
    const left = anchor === 'start' ? textX : anchor === 'end' ? textX - width : textX - width / 2;
    expect(left).toBeGreaterThanOrEqual(0);
    expect(left + width).toBeLessThanOrEqual(layout.width);
  }
});

test('a lifeline is dead from the crash of its process to the restart', () => {
  const relay = layout.lifelines.find(({ id }) => id === 'relay-order');
  const yOf = (kind: string) => layout.steps.find(({ step }) => step.kind === kind)?.y;
  expect(relay?.stopped).toEqual([{ by: 'crash', fromY: yOf('crash'), untilY: yOf('restart') }]);
});

test('a process that is never started again is dead to the end of the diagram', () => {
  const steps = sequence.steps.filter(({ kind }) => kind !== 'restart');
  const dead = layoutSequence({ ...sequence, steps }).lifelines.flatMap((line) => line.stopped);
  expect(dead.map(({ untilY }) => untilY)).toEqual([layoutSequence({ ...sequence, steps }).height]);
});

test('a paused process is paused until it continues, or dead once it is killed', () => {
  const kinds = ['pause', 'note', 'resume', 'pause', 'crash', 'restart'] as const;
  const steps = kinds.map((kind, atMs) => {
    return {
      event: 0,
      atMs,
      untilMs: null,
      order: null,
      kind,
      from: 'order',
      to: 'order',
      text: '',
    };
  });
  const lifelines = [{ id: 'order', kind: 'process' as const }];
  const placed = layoutSequence({ lifelines, steps });
  const rowAt = (y: number) => placed.steps.findIndex((each) => each.y === y);
  const stopped = placed.lifelines.flatMap((line) => line.stopped);
  expect(stopped.map(({ by, fromY, untilY }) => [by, rowAt(fromY), rowAt(untilY)])).toEqual([
    ['pause', 0, 2],
    ['pause', 3, 4],
    ['crash', 4, 5],
  ]);
});

test('the bar of a lock wait covers the steps during the wait', () => {
  const { bands, steps } = layout;
  const lock = bands.find(({ kind }) => kind === 'lock-wait');
  expect(lock?.fromY).toBe(steps.find(({ step }) => step.kind === 'lock-wait')?.y);
  expect(lock?.untilY).toBe(steps.find(({ step }) => step.text === 'holds 2 x tea')?.y);
});

test('the bar of a step with a duration covers the steps during that time', () => {
  const twoPhase = layoutSequence(sampleReport('2pc', { orders: 1 }).sequence);
  const [band] = twoPhase.bands;
  const commit = twoPhase.steps.find(
    ({ step }) => step.text === 'receives the decision and commits',
  );
  expect(band?.kind).toBe('in-doubt');
  expect(band?.untilY).toBe(commit?.y);
});

test('a prepared transaction is drawn along its database, to the end if it is never ended', () => {
  const { sequence: steps, prepared } = sampleReport('2pc', { orders: 1 });
  const bandsOf = (owner: string) =>
    layoutSequence(
      { ...steps, steps: steps.steps.filter(({ kind }) => kind !== 'in-doubt') },
      prepared.filter((each) => each.owner === owner),
    ).bands;
  expect(bandsOf('inventory')).toHaveLength(1);
  expect(bandsOf('payment')).toHaveLength(1);
  const until = (owner: string) => bandsOf(owner)[0]?.untilY ?? 0;
  expect(until('payment')).toBeGreaterThan(until('inventory'));
});

test('a prepared transaction does not hide a lock wait', () => {
  const held = { owner: 'inventory', gid: 'g', order: null, fromMs: 0, untilMs: null, event: null };
  const { bands } = layoutSequence(sequence, [held]);
  const [lock, prepared] = ['lock-wait', 'in-doubt'].map((kind) =>
    bands.find((band) => band.kind === kind),
  );
  const isMeanwhile = (prepared?.fromY ?? 0) < (lock?.fromY ?? 0);
  expect(isMeanwhile).toBe(true);
  expect(lock?.x).toBeGreaterThanOrEqual((prepared?.x ?? NaN) + (prepared?.width ?? NaN));
});

test('a step of a missing lifeline is left out', () => {
  const steps = sequence.steps.map((step) => ({ ...step, from: 'nobody' }));
  expect(layoutSequence({ ...sequence, steps }).steps).toEqual([]);
  expect(layoutSequence({ lifelines: [], steps: [] }).width).toBeGreaterThan(0);
});
