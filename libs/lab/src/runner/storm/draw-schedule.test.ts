import { parseChaos } from '@indoubt/chaos';
import { expect, test } from 'vitest';
import { drawSchedule } from './draw-schedule.ts';
import { scheduleOf } from './read-schedule.ts';
import type { StormStep } from './storm-schedule.ts';

const ASKED = { seed: 7, durationMs: 60_000, rate: 15, coordination: 'all', chaos: '' } as const;

test('the same seed draws the same steps, another one others', () => {
  expect(drawSchedule(ASKED)).toEqual(drawSchedule({ ...ASKED }));
  expect(drawSchedule({ ...ASKED, seed: 8 }).steps).not.toEqual(drawSchedule(ASKED).steps);
});

test('steps are in the order of time, within the storm', () => {
  const times = drawSchedule(ASKED).steps.map(({ atMs }) => atMs);
  expect(times).toEqual(times.toSorted((one, other) => one - other));
  expect(times).toHaveLength(120);
  expect(times.at(-1)).toBeLessThan(60_000);
});

const rulesOf = (step: StormStep): string[] => ('rules' in step ? [step.rules] : []);
const seeds = Array.from({ length: 50 }, (_, n) => n);
const allSteps = seeds.flatMap((seed) => drawSchedule({ ...ASKED, seed }).steps);

test('every rule that is drawn can be armed', () => {
  for (const rules of allSteps.flatMap(rulesOf)) expect(() => parseChaos(rules)).not.toThrow();
});

test('each storm of a minute has every kind of step, and each action', () => {
  const { steps } = drawSchedule(ASKED);
  const kinds = ['arm', 'hold', 'calm', 'kill', 'pause', 'copy', 'server'];
  expect([...new Set(steps.map(({ kind }) => kind))].toSorted()).toEqual(kinds.toSorted());
  const text = steps.flatMap(rulesOf).join('; ');
  for (const action of ['crash', 'error', 'delay', 'pause', 'drop', 'duplicate', 'reorder']) {
    expect(text).toContain(`=${action}`);
  }
  for (const action of ['cut', 'blackhole', 'throttle']) expect(text).toContain(`=${action}(`);
});

test('by one way only: no crash point of the other way', () => {
  const { steps } = drawSchedule({ ...ASKED, coordination: 'saga' });
  expect(steps.flatMap(rulesOf).join('; ')).not.toContain('prepared-not-voted');
});

test('what is written to a file is read as it was', () => {
  const drawn = drawSchedule({ ...ASKED, chaos: 'variant=no-inbox' });
  expect(scheduleOf(JSON.parse(JSON.stringify(drawn)))).toEqual(drawn);
});
