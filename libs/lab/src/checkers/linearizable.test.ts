import fc from 'fast-check';
import { expect, test } from 'vitest';
import { brokenAt, linearizable, type Point } from './linearizable.ts';

const STATES_MAX = 10_000;
const at = (
  kind: Point['kind'],
  quantity: number,
  [from, to]: [number, number],
  after: number | null = null,
): Point => ({ kind, quantity, from, to, after });

const explains = (available: number, ...points: Point[]) =>
  linearizable(available, points, STATES_MAX);

test('two points that overlap may be in either order', () => {
  expect(explains(3, at('take', 2, [0, 10]), at('saw', 3, [5, 15]))).toBe('yes');
  expect(explains(3, at('take', 2, [0, 10]), at('saw', 1, [5, 15]))).toBe('yes');
});

test('a stale read after an answered taking is not linearizable', () => {
  expect(explains(3, at('take', 2, [0, 10]), at('saw', 3, [11, 15]))).toBe('no');
});

test('two reads of which only the first saw a change are not linearizable', () => {
  const taken = at('take', 1, [0, 100]);
  expect(explains(3, taken, at('saw', 2, [10, 20]), at('saw', 3, [30, 40]))).toBe('no');
  expect(explains(3, taken, at('saw', 3, [10, 20]), at('saw', 2, [30, 40]))).toBe('yes');
});

test('taking more than was available is not linearizable', () => {
  expect(explains(3, at('take', 2, [0, 10]), at('take', 2, [0, 10]))).toBe('no');
});

test('a refusal while there was enough all the time is not linearizable', () => {
  expect(explains(3, at('saw-less-than', 2, [0, 10]))).toBe('no');
  expect(explains(3, at('saw-less-than', 2, [0, 10]), at('take', 2, [5, 15]))).toBe('yes');
});

test('giving back before taking is not linearizable', () => {
  const pair = [at('take', 1, [0, 50]), at('give', 1, [0, 50], 0)];
  expect(explains(1, ...pair, at('saw', 2, [0, 50]))).toBe('no');
  expect(explains(1, ...pair, at('saw', 0, [0, 50]))).toBe('yes');
});

test('brokenAt returns the time of the first response that cannot be explained', () => {
  const points = [
    at('take', 1, [0, 10]),
    at('saw', 2, [20, 30]),
    at('saw', 3, [40, 50]),
    at('saw', 7, [60, 70]),
  ];
  expect(brokenAt(3, points, STATES_MAX)).toBe(50);
  expect(brokenAt(3, points.slice(0, 2), STATES_MAX)).toBeUndefined();
});

test('a point that ends after `until` may have happened already or never', () => {
  const pending = at('take', 1, [0, 100]);
  const until = (quantity: number) =>
    linearizable(3, [pending, at('saw', quantity, [10, 20])], STATES_MAX, 50);
  expect([2, 3, 1].map(until)).toEqual(['yes', 'yes', 'no']);
});

test('a search with too many states returns not-searched, not no', () => {
  const takes = Array.from({ length: 30 }, (_, index) => at('take', 2 ** (index % 15), [0, 10]));
  const impossible = at('saw', 99_999, [5, 6]);
  expect(linearizable(70_000, [...takes, impossible], 500)).toBe('not-searched');
});

interface Step {
  kind: 'order' | 'declined' | 'read';
  quantity: number;
  early: number;
  late: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('order', 'declined', 'read'),
  quantity: fc.integer({ min: 1, max: 4 }),
  early: fc.nat(40),
  late: fc.nat(40),
});

const EACH_MS = 10;

/** Points of steps that really happened in sequence, each with bounds around its moment. */
function played(opening: number, steps: Step[]): Point[] {
  let available = opening;
  const points: Point[] = [];
  steps.forEach(({ kind, quantity, early, late }, index) => {
    const moment = index * EACH_MS;
    const span: [number, number] = [moment - early, moment + late];
    if (kind === 'read') points.push(at('saw', available, span));
    else if (available < quantity) points.push(at('saw-less-than', quantity, span));
    else {
      points.push(at('take', quantity, span));
      if (kind === 'declined') points.push(at('give', quantity, span, points.length - 1));
      else available -= quantity;
    }
  });
  return points;
}

test('a real sequence of steps is always linearizable', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 12 }), fc.array(step, { maxLength: 30 }), (n, steps) => {
      expect(linearizable(n, played(n, steps), STATES_MAX)).toBe('yes');
    }),
  );
});

test('a response that was never true is always found, with its time', () => {
  const steps = fc.array(step, { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 12 }), steps, fc.nat(), (n, all, index) => {
      const points = played(n, all);
      const wrong = points[index % points.length] as Point;
      Object.assign(wrong, { kind: 'saw', quantity: n + 1, after: null });
      // The replaced point may have been a reservation that a later point released.
      const sound = points.map((point) => ({ ...point, after: null }));
      const found = brokenAt(
        n,
        sound.filter(({ kind }) => kind !== 'give'),
        STATES_MAX,
      );
      expect(found).toBeLessThanOrEqual(wrong.to);
    }),
  );
});

const anyPoint: fc.Arbitrary<Point> = fc
  .record({
    kind: fc.constantFrom<Point['kind'][]>('take', 'give', 'saw', 'saw-less-than'),
    quantity: fc.integer({ min: 0, max: 3 }),
    from: fc.nat(20),
    lasts: fc.nat(15),
  })
  .map(({ lasts, ...rest }) => ({ ...rest, to: rest.from + lasts, after: null }));

/** Tries every order by brute force: the reference for the search. */
function anyOrderFits(available: number, left: Point[]): boolean {
  if (left.length === 0) return true;
  return left.some((point, index) => {
    const others = left.toSpliced(index, 1);
    if (others.some(({ to }) => to < point.from)) return false;
    const { kind, quantity } = point;
    if (kind === 'saw' && available !== quantity) return false;
    if (kind === 'saw-less-than' && available >= quantity) return false;
    if (kind === 'take' && available < quantity) return false;
    const change = { take: -quantity, give: quantity, saw: 0, 'saw-less-than': 0 }[kind];
    return anyOrderFits(available + change, others);
  });
}

test('the search finds an order exactly when brute force finds one', () => {
  fc.assert(
    fc.property(fc.nat(4), fc.array(anyPoint, { maxLength: 6 }), (n, points) => {
      const expected = anyOrderFits(n, points) ? 'yes' : 'no';
      expect(linearizable(n, points, STATES_MAX)).toBe(expected);
    }),
    { numRuns: 1_000 },
  );
});

/** Brute force with every choice of which unanswered points happened. */
function anyChoiceFits(available: number, points: Point[], until: number): boolean {
  const owed = points.filter(({ to }) => to <= until);
  const open = points.filter(({ to, kind }) => to > until && ['take', 'give'].includes(kind));
  return Array.from({ length: 2 ** open.length }, (_, choice) => choice).some((choice) =>
    anyOrderFits(available, [...owed, ...open.filter((_, bit) => (choice >> bit) & 1)]),
  );
}

test('with `until`, the search agrees with brute force over all unanswered points', () => {
  const points = fc.array(anyPoint, { maxLength: 5 });
  fc.assert(
    fc.property(fc.nat(4), points, fc.nat(35), (n, all, until) => {
      const expected = anyChoiceFits(n, all, until) ? 'yes' : 'no';
      expect(linearizable(n, all, STATES_MAX, until)).toBe(expected);
    }),
    { numRuns: 1_000 },
  );
});
