import { describe, expect, test } from 'vitest';
import type { Switches } from '../protocol/coordinate.ts';
import { type Explored, explore, type Model } from './explore.ts';
import { endingOf, violationOf } from './explored-invariants.ts';
import { stepsOf } from './explored-steps.ts';
import { type Broken, keyOf, type Rules, startOf, type World } from './explored-world.ts';

/** The machine may be busy with other tests; alone, the longest takes two seconds. */
const BOUND_MS = 60_000;

function modelOf(rules: Rules): Model<World> {
  return {
    start: startOf(rules),
    key: (world) => keyOf(rules, world),
    steps: (world) => stepsOf(rules, world),
    violation: (world) => violationOf(rules, world),
  };
}

const rulesOf = (switches: Partial<Switches>, broken: Broken | null = null): Rules => ({
  switches: { presume: 'abort', branches: 'parallel', lastResource: false, ...switches },
  participants: ['a', 'b', 'c'],
  coordinatorsMax: 2,
  broken,
});

const presume = 'nothing';
const branches = 'sequential';
const lastResource = true;
const two = { participants: ['a', 'b'] };
const gaveUp = { ...two, abandons: true } as const;
const thrice = { coordinatorsMax: 3 };

// The numbers are there so that a model that has shrunk by mistake does not go unnoticed.
describe('every run: no contradiction, and from every state a way to an end', () => {
  test.each<[string, number, Rules]>([
    ['presumed abort, taken over twice', 45_746, { ...rulesOf({}), ...thrice }],
    ['presumed abort, last resource', 12_068, rulesOf({ lastResource })],
    ['presumed abort, one after the other', 16_982, rulesOf({ branches })],
    ['presumed abort, both', 15_402, rulesOf({ branches, lastResource })],
    ['presumed nothing', 41_996, rulesOf({ presume })],
    ['presumed nothing, taken over twice', 9_495, { ...rulesOf({ presume }), ...two, ...thrice }],
    ['presumed nothing, last resource', 18_565, rulesOf({ presume, lastResource })],
    ['presumed nothing, one after the other', 23_818, rulesOf({ presume, branches })],
    ['presumed abort, branches given up', 3_531, { ...rulesOf({}), ...gaveUp }],
    ['presumed abort, given up, last resource', 1_931, { ...rulesOf({ lastResource }), ...gaveUp }],
    ['presumed nothing, branches given up', 4_450, { ...rulesOf({ presume }), ...gaveUp }],
  ])('%s: %i states', { timeout: BOUND_MS }, (_, states, rules) => {
    const violation = (world: World) => violationOf(rules, world) ?? endingOf(rules, world);
    const found = explore({ ...modelOf(rules), violation });
    expect(found).toEqual({ states, violation: null, trace: [] });
  });
});

/** Two participants are enough to go wrong. */
const brokenBy = (broken: Broken, switches: Partial<Switches> = {}): Explored =>
  explore(modelOf({ ...rulesOf(switches, broken), ...two }));

const ALL_VOTE_YES = [
  'the request reaches coordinator 1',
  'a receives prepare',
  'a prepares and votes yes',
  'coordinator 1 hears yes of a',
  'b receives prepare',
  'b prepares and votes yes',
  'coordinator 1 hears yes of b, and decides to commit',
];

describe('caught: a coordinator with', () => {
  test('a decision that it does not log: the next one presumes the opposite', () => {
    expect(brokenBy('nothing is logged')).toMatchObject({
      violation: 'a is told to commit, and a to abort',
      trace: [...ALL_VOTE_YES, 'coordinator 2 takes over', 'a asks coordinator 2'],
    });
  });
  test('a decision that it tells before it logs it: a crash in between forgets it', () => {
    expect(brokenBy('told before logged')).toMatchObject({
      violation: 'a is told to commit, and a to abort',
      trace: [...ALL_VOTE_YES, 'coordinator 2 takes over', 'a asks coordinator 2'],
    });
  });
  test('no fence: paused, it wakes up and commits what was presumed to be aborted', () => {
    expect(brokenBy('no epoch fence')).toMatchObject({
      violation: 'a is told to commit, and a to abort',
      trace: [
        ...ALL_VOTE_YES.slice(0, -1),
        'coordinator 2 takes over',
        'a asks coordinator 2',
        'coordinator 1 hears yes of b, and decides to commit',
      ],
    });
  });
  test('no fence, and nothing is presumed: it writes over the decision in the log', () => {
    const { violation, trace } = brokenBy('no epoch fence', { presume });
    expect(violation).toBe('the log says abort, and commit is written over it');
    expect(trace.slice(-2)).toEqual([
      'coordinator 2 takes over',
      'coordinator 1 hears yes of b, and decides to commit',
    ]);
  });
  test('an abort that it presumes and forgets: the request comes late, and is begun', () => {
    const { violation, trace } = brokenBy('what was presumed is not remembered');
    expect(violation).toBe('a is told to commit, and a to abort');
    expect(trace).toEqual(['a asks coordinator 1', ...ALL_VOTE_YES]);
  });
});

describe('caught: a participant with', () => {
  test('no tombstone: the abort overtakes the work, which is prepared after it', () => {
    expect(brokenBy('no tombstone')).toMatchObject({
      violation: 'a has acknowledged the decision, and is prepared',
      trace: [
        'the request reaches coordinator 1',
        'coordinator 1 waits for a no longer, and decides to abort',
        'a receives prepare',
        'a receives abort',
        'a prepares and votes yes',
      ],
    });
  });
  test('no patience: prepared, it aborts alone, and the others commit', () => {
    const { violation, trace } = brokenBy('aborts alone while prepared');
    expect(violation).toBe('the outcome is commit, and a is aborted');
    expect(trace).toContain('a aborts alone');
  });
  test('a vote that goes out before its work is on disk: there is nothing to commit', () => {
    const { violation, trace } = brokenBy('voted before prepared');
    expect(violation).toBe('a is told to commit, and its branch is unknown');
    expect(trace.at(-1)).toBe('a receives commit');
  });
  test('a no to commit-one-phase that leaves nothing: asked twice, it commits after it', () => {
    const broken = 'no tombstone for a no to commit-one-phase';
    const { violation, trace } = brokenBy(broken, { lastResource });
    expect(violation).toBe('the outcome is abort, and b is committed');
    expect(trace.slice(-4)).toEqual([
      'b votes no',
      'coordinator 1 hears no of b, and decides to abort',
      'b receives commit-one-phase',
      'b commits alone and votes yes',
    ]);
  });
  test('nothing to ask: its coordinator is gone, and it stays prepared for ever', () => {
    const rules = rulesOf({}, 'nobody asks');
    const violation = (world: World) => endingOf(rules, world);
    expect(explore({ ...modelOf(rules), violation })).toMatchObject({
      violation: 'a stays prepared for ever',
      trace: [
        'the request reaches coordinator 1',
        'a receives prepare',
        'a prepares and votes yes',
      ],
    });
  });
});

/** A clock of twelve hours, on which one hour or five can pass at once. */
const clock: Model<number> = {
  start: 0,
  key: (hour) => `${hour}`,
  steps: (hour) => [1, 5].map((hours) => ({ says: `+${hours}`, to: (hour + hours) % 12 })),
  violation: () => null,
};

describe('explore', () => {
  test('visits every state once, though there are ways round and round', () => {
    expect(explore(clock)).toEqual({ states: 12, violation: null, trace: [] });
  });
  test('tells the shortest way to what is wrong', () => {
    const violation = (hour: number) => (hour === 11 ? 'eleven' : null);
    const { trace } = explore({ ...clock, violation });
    expect(trace).toEqual(['+1', '+5', '+5']);
  });
});
