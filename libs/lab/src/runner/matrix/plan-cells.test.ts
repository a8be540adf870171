import { FAILPOINTS, parseChaos } from '@indoubt/chaos';
import { expect, test } from 'vitest';
import { planCells, repeatOf, sampleCells } from './plan-cells.ts';

const BOTH = ['saga', '2pc'] as const;

test('there is a cell for every crash point, each hit and each outcome of an order', () => {
  const cells = planCells({ coordinations: BOTH });
  const coordinations = FAILPOINTS.map(
    ({ coordination }) => (coordination === 'both' ? 2 : 1) as number,
  );
  expect(cells).toHaveLength(coordinations.reduce((sum, count) => sum + count) * 2 * 3);
  expect(new Set(cells.map(({ point }) => point)).size).toBe(FAILPOINTS.length);
});

test('a coordination has only cells of crash points that its orders reach', () => {
  const points = planCells({ coordinations: ['2pc'] }).map(({ point }) => point);
  expect(points).toContain('coordinator:decided-not-sent');
  expect(points).not.toContain('relay-order:published-not-marked');
});

test('only a star in a glob matches any characters', () => {
  const points = (glob: string) => planCells({ coordinations: ['saga'], points: glob }).length;
  expect(points('relay-*:published-not-marked')).toBe(3 * 6);
  expect(points('relay-.*:published-not-marked')).toBe(0);
});

test('every cell arms valid rules, including a crash at its own point', () => {
  for (const { point, rules, nextLives } of planCells({ coordinations: BOTH })) {
    const texts = [rules, ...(nextLives?.rules ?? [])];
    const armed = texts
      .flatMap((text) => parseChaos(text))
      .flatMap((rule) => {
        return rule.kind === 'failpoint' && rule.action === 'crash' ? rule.at : [];
      });
    expect(armed).toContain(point);
  }
});

test('a crash during recovery is armed for the restarted process, once per hit', () => {
  const [first, second] = planCells({
    coordinations: ['2pc'],
    points: 'coordinator:recovered-not-sent',
    outcomes: ['confirmed'],
  });
  expect(first?.nextLives?.rules).toHaveLength(1);
  expect(second?.nextLives?.rules).toHaveLength(2);
});

test('a sample has every crash point and a share of the other cells', () => {
  const cells = planCells({ coordinations: BOTH });
  const points = (some: typeof cells) => new Set(some.map(({ point }) => point));
  expect(points(sampleCells(cells, 0, () => 0.5))).toEqual(points(cells));
  expect(sampleCells(cells, 0.6, () => 0.5)).toEqual(cells);
});

test('the command that repeats a cell has all its options', () => {
  const [cell] = planCells({ coordinations: ['saga'], points: 'payment:acted-not-committed' });
  expect(cell && repeatOf(cell)).toBe(
    "./scenario matrix --coordination saga --points 'payment:acted-not-committed' --hits 1" +
      ' --outcomes confirmed',
  );
});
