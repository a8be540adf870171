import { expect, test } from 'vitest';
import type { LoadedScenario } from '../runner/scenario/scenario.ts';
import { planRuns, wayGiven } from './way-of-run.ts';

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

test('nothing is wanted: each scenario in its own first way', () => {
  const { runs, leftOut } = planRuns([crash, both, stuck], undefined, true);
  expect(runs.map(({ coordination }) => coordination)).toEqual(['saga', 'saga', '2pc']);
  expect(leftOut).toEqual([]);
});

test('2pc is wanted of all: those without it are left out, and named', () => {
  const { runs, leftOut } = planRuns([crash, both, stuck], '2pc', true);
  expect(runs).toEqual([
    { scenario: both, coordination: '2pc' },
    { scenario: stuck, coordination: '2pc' },
  ]);
  expect(leftOut).toEqual(['relay-crash']);
});

test('2pc is wanted of a named one that does not have it: refused, with the ways it has', () => {
  expect(() => planRuns([both, crash], '2pc', false)).toThrow(
    /^relay-crash cannot be played with coordination 2pc: it is written for saga\.\nNext: /,
  );
});

test('what was said about the way is taken, an empty option is not', () => {
  expect(wayGiven({})).toEqual({});
  expect(wayGiven({ coordination: '', presume: 'nothing' })).toEqual({ presume: 'nothing' });
});
