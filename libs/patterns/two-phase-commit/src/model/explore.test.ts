import { describe, expect, test } from 'vitest';
import type { Switches } from '../protocol/coordinate.ts';
import { type Explored, explore, type Model } from './explore.ts';
import { endingOf, violationOf } from './explored-invariants.ts';
import { stepsOf } from './explored-steps.ts';
import { type Broken, keyOf, type Rules, startOf, type World } from './explored-world.ts';

/** The machine may be busy with other tests. On an idle machine the longest takes two seconds. */
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
const abandoning = { ...two, abandons: true } as const;
const thrice = { coordinatorsMax: 3 };

// The numbers of states show when a change shrinks the model by mistake.
describe('no run contradicts itself, and every state can reach an end', () => {
  test.each<[string, number, Rules]>([
    ['presumed abort, two takeovers', 45_746, { ...rulesOf({}), ...thrice }],
    ['presumed abort, last resource', 12_068, rulesOf({ lastResource })],
    ['presumed abort, sequential branches', 16_982, rulesOf({ branches })],
    [
      'presumed abort, sequential branches, last resource',
      15_402,
      rulesOf({ branches, lastResource }),
    ],
    ['presumed nothing', 41_996, rulesOf({ presume })],
    ['presumed nothing, two takeovers', 9_495, { ...rulesOf({ presume }), ...two, ...thrice }],
    ['presumed nothing, last resource', 18_565, rulesOf({ presume, lastResource })],
    ['presumed nothing, sequential branches', 23_818, rulesOf({ presume, branches })],
    ['presumed abort, abandoned branches', 3_531, { ...rulesOf({}), ...abandoning }],
    [
      'presumed abort, abandoned branches, last resource',
      1_931,
      { ...rulesOf({ lastResource }), ...abandoning },
    ],
    ['presumed nothing, abandoned branches', 4_450, { ...rulesOf({ presume }), ...abandoning }],
  ])(
    'the protocol is correct with %s in all %i states',
    { timeout: BOUND_MS },
    (_, states, rules) => {
      const violation = (world: World) => violationOf(rules, world) ?? endingOf(rules, world);
      const found = explore({ ...modelOf(rules), violation });
      expect(found).toEqual({ states, violation: null, trace: [] });
    },
  );
});

/** Two participants are enough to show each defect. */
const brokenBy = (broken: Broken, switches: Partial<Switches> = {}): Explored =>
  explore(modelOf({ ...rulesOf(switches, broken), ...two }));

const ALL_VOTE_YES = [
  'the request reaches coordinator 1',
  'a receives prepare',
  'a prepares and votes yes',
  'coordinator 1 receives yes from a',
  'b receives prepare',
  'b prepares and votes yes',
  'coordinator 1 receives yes from b, and decides to commit',
];

describe('the exploration catches a defect of the coordinator', () => {
  test('if a commit is not logged, the next coordinator presumes an abort', () => {
    expect(brokenBy('nothing is logged')).toMatchObject({
      violation: 'a is sent commit, and a is sent abort',
      trace: [
        ...ALL_VOTE_YES,
        'coordinator 2 takes over',
        'a requests the decision from coordinator 2',
      ],
    });
  });
  test('if a decision is sent before it is logged, a crash in between loses the decision', () => {
    expect(brokenBy('sent before logged')).toMatchObject({
      violation: 'a is sent commit, and a is sent abort',
      trace: [
        ...ALL_VOTE_YES,
        'coordinator 2 takes over',
        'a requests the decision from coordinator 2',
      ],
    });
  });
  test('without a fence a paused coordinator commits a transaction presumed aborted', () => {
    expect(brokenBy('no epoch fence')).toMatchObject({
      violation: 'a is sent commit, and a is sent abort',
      trace: [
        ...ALL_VOTE_YES.slice(0, -1),
        'coordinator 2 takes over',
        'a requests the decision from coordinator 2',
        'coordinator 1 receives yes from b, and decides to commit',
      ],
    });
  });
  test('without a fence and a presumption a coordinator overwrites a logged decision', () => {
    const { violation, trace } = brokenBy('no epoch fence', { presume });
    expect(violation).toBe('the log says abort, and commit is written over it');
    expect(trace.slice(-2)).toEqual([
      'coordinator 2 takes over',
      'coordinator 1 receives yes from b, and decides to commit',
    ]);
  });
  test('if a presumed abort is forgotten, a late request begins the transaction', () => {
    const { violation, trace } = brokenBy('presumed aborts are not remembered');
    expect(violation).toBe('a is sent commit, and a is sent abort');
    expect(trace).toEqual(['a requests the decision from coordinator 1', ...ALL_VOTE_YES]);
  });
});

describe('the exploration catches a defect of the participant', () => {
  test('without a tombstone, work is prepared after its abort', () => {
    expect(brokenBy('no tombstone')).toMatchObject({
      violation: 'a has acknowledged the decision, and is prepared',
      trace: [
        'the request reaches coordinator 1',
        'coordinator 1 stops waiting for a, and decides to abort',
        'a receives prepare',
        'a receives abort',
        'a prepares and votes yes',
      ],
    });
  });
  test('if a prepared participant aborts by itself, the others may commit', () => {
    const { violation, trace } = brokenBy('aborts alone while prepared');
    expect(violation).toBe('the outcome is commit, and a is aborted');
    expect(trace).toContain('a aborts alone');
  });
  test('if a vote is sent before the work is on disk, there may be nothing to commit', () => {
    const { violation, trace } = brokenBy('voted before prepared');
    expect(violation).toBe('a receives commit, and its branch is unknown');
    expect(trace.at(-1)).toBe('a receives commit');
  });
  test('without a tombstone for a no to commit-one-phase, a repeated message commits', () => {
    const broken = 'no tombstone for a no to commit-one-phase';
    const { violation, trace } = brokenBy(broken, { lastResource });
    expect(violation).toBe('the outcome is abort, and b is committed');
    expect(trace.slice(-4)).toEqual([
      'b votes no',
      'coordinator 1 receives no from b, and decides to abort',
      'b receives commit-one-phase',
      'b commits alone and votes yes',
    ]);
  });
  test('without recovery a participant whose coordinator died stays prepared for ever', () => {
    const rules = rulesOf({}, 'no recovery');
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

/** A clock of twelve hours: each step adds one hour or five hours. */
const clock: Model<number> = {
  start: 0,
  key: (hour) => `${hour}`,
  steps: (hour) => [1, 5].map((hours) => ({ says: `+${hours}`, to: (hour + hours) % 12 })),
  violation: () => null,
};

describe('explore', () => {
  test('explore visits every state once although the steps form cycles', () => {
    expect(explore(clock)).toEqual({ states: 12, violation: null, trace: [] });
  });
  test('explore returns the shortest list of steps to a violation', () => {
    const violation = (hour: number) => (hour === 11 ? 'eleven' : null);
    const { trace } = explore({ ...clock, violation });
    expect(trace).toEqual(['+1', '+5', '+5']);
  });
});
