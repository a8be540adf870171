import { parseChaos } from '@indoubt/chaos';
import { expect, test } from 'vitest';
import { drawSchedule } from './draw-schedule.ts';
import { scheduleOf } from './read-schedule.ts';
import type { StormStep } from './storm-schedule.ts';

const OPTIONS = { seed: 7, durationMs: 60_000, rate: 15, coordination: 'all', chaos: '' } as const;

test('the same seed draws the same steps, and another seed draws other steps', () => {
  expect(drawSchedule(OPTIONS)).toEqual(drawSchedule({ ...OPTIONS }));
  expect(drawSchedule({ ...OPTIONS, seed: 8 }).steps).not.toEqual(drawSchedule(OPTIONS).steps);
});

test('the steps are sorted by time and lie within the storm', () => {
  const times = drawSchedule(OPTIONS).steps.map(({ atMs }) => atMs);
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  expect(times).toHaveLength(120);
  expect(times.at(-1)).toBeLessThan(60_000);
});

const rulesOf = (step: StormStep): string[] => ('rules' in step ? [step.rules] : []);
const seeds = Array.from({ length: 50 }, (_, n) => n);
const allSteps = seeds.flatMap((seed) => drawSchedule({ ...OPTIONS, seed }).steps);

test('every drawn rule can be armed', () => {
  for (const rules of allSteps.flatMap(rulesOf)) expect(() => parseChaos(rules)).not.toThrow();
});

test('a storm of one minute has every kind of step and every action', () => {
  const { steps } = drawSchedule(OPTIONS);
  const kinds = ['arm', 'hold', 'calm', 'kill', 'pause', 'copy', 'server'];
  expect([...new Set(steps.map(({ kind }) => kind))].toSorted()).toEqual(kinds.toSorted());
  const text = steps.flatMap(rulesOf).join('; ');
  for (const action of ['crash', 'error', 'delay', 'pause', 'drop', 'duplicate', 'reorder']) {
    expect(text).toContain(`=${action}`);
  }
  for (const action of ['cut', 'blackhole', 'throttle']) expect(text).toContain(`=${action}(`);
});

test('a storm by saga alone has no crash point of two-phase commit', () => {
  const { steps } = drawSchedule({ ...OPTIONS, coordination: 'saga' });
  expect(steps.flatMap(rulesOf).join('; ')).not.toContain('prepared-not-voted');
});

test('a schedule that was written as JSON is read back unchanged', () => {
  const drawn = drawSchedule({ ...OPTIONS, chaos: 'variant=no-inbox' });
  expect(scheduleOf(JSON.parse(JSON.stringify(drawn)))).toEqual(drawn);
});
