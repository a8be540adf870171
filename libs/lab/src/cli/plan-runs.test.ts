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

test('without a wanted coordination each scenario is played with its first one', () => {
  const { runs, leftOut } = planRuns([crash, both, stuck], undefined, true);
  expect(runs.map(({ coordination }) => coordination)).toEqual(['saga', 'saga', '2pc']);
  expect(leftOut).toEqual([]);
});

test('of all scenarios those without the wanted coordination are left out, and named', () => {
  const { runs, leftOut } = planRuns([crash, both, stuck], '2pc', true);
  expect(runs).toEqual([
    { scenario: both, coordination: '2pc' },
    { scenario: stuck, coordination: '2pc' },
  ]);
  expect(leftOut).toEqual(['relay-crash']);
});

test('a named scenario without the wanted coordination is refused, with those that it has', () => {
  expect(() => planRuns([both, crash], '2pc', false)).toThrow(
    /^relay-crash cannot be played with coordination 2pc: it is written for saga\.\nNext: /,
  );
});

test('options that were given are taken, empty ones are not', () => {
  expect(placeOptionsOf({})).toEqual({});
  expect(placeOptionsOf({ coordination: '', presume: 'nothing' })).toEqual({ presume: 'nothing' });
});
