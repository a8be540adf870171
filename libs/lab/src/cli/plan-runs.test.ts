import { expect, test } from 'vitest';
import type { LoadedScenario } from '../runner/scenario/scenario.ts';
import { placeOptionsOf, planRuns } from './plan-runs.ts';

function scenario(name: string, ...coordinations: LoadedScenario['coordinations']): LoadedScenario {
  return {
    name,
    coordinations,
    group: 'Saga',
    fault: 'none',
    teaches: 'nothing',
    steps: [],
    rules: [],
    invariants: [],
    adrs: [],
    run: () => Promise.resolve(),
  };
}

const crash = scenario('relay-crash', 'saga');
const both = scenario('happy-path', 'saga', '2pc');
const stuck = scenario('coordinator-crash', '2pc');

test('without --coordination each scenario runs with its first coordination', () => {
  const { runs, leftOut } = planRuns([crash, both, stuck], undefined, true);
  expect(runs.map(({ coordination }) => coordination)).toEqual(['saga', 'saga', '2pc']);
  expect(leftOut).toEqual([]);
});

test('--all leaves out a scenario that does not support the wanted coordination', () => {
  const { runs, leftOut } = planRuns([crash, both, stuck], '2pc', true);
  expect(runs).toEqual([
    { scenario: both, coordination: '2pc' },
    { scenario: stuck, coordination: '2pc' },
  ]);
  expect(leftOut).toEqual(['relay-crash']);
});

test('a named scenario that does not support the wanted coordination is refused', () => {
  expect(() => planRuns([both, crash], '2pc', false)).toThrow(
    /^relay-crash cannot run with coordination 2pc: it supports only saga\.\nNext: /,
  );
});

test('placeOptionsOf returns the options that were given and leaves out empty options', () => {
  expect(placeOptionsOf({})).toEqual({});
  expect(placeOptionsOf({ coordination: '', presume: 'nothing' })).toEqual({ presume: 'nothing' });
});
