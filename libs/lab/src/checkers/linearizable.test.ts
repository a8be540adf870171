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

test('two that overlap may have happened in either order', () => {
  expect(explains(3, at('take', 2, [0, 10]), at('saw', 3, [5, 15]))).toBe('yes');
  expect(explains(3, at('take', 2, [0, 10]), at('saw', 1, [5, 15]))).toBe('yes');
});

test('caught: a read that is stale, after the taking had been answered', () => {
  expect(explains(3, at('take', 2, [0, 10]), at('saw', 3, [11, 15]))).toBe('no');
});

test('caught: two reads that saw a change, and then did not', () => {
  const taken = at('take', 1, [0, 100]);
  expect(explains(3, taken, at('saw', 2, [10, 20]), at('saw', 3, [30, 40]))).toBe('no');
  expect(explains(3, taken, at('saw', 3, [10, 20]), at('saw', 2, [30, 40]))).toBe('yes');
});

test('caught: more was given out than there was', () => {
  expect(explains(3, at('take', 2, [0, 10]), at('take', 2, [0, 10]))).toBe('no');
});

test('caught: refused, and there was enough all the time', () => {
  expect(explains(3, at('saw-less-than', 2, [0, 10]))).toBe('no');
  expect(explains(3, at('saw-less-than', 2, [0, 10]), at('take', 2, [5, 15]))).toBe('yes');
});

test('caught: given back before it was taken', () => {
  const pair = [at('take', 1, [0, 50]), at('give', 1, [0, 50], 0)];
  expect(explains(1, ...pair, at('saw', 2, [0, 50]))).toBe('no');
  expect(explains(1, ...pair, at('saw', 0, [0, 50]))).toBe('yes');
});

test('the first answer that nobody can explain is named by its time', () => {
  const points = [
    at('take', 1, [0, 10]),
    at('saw', 2, [20, 30]),
    at('saw', 3, [40, 50]),
    at('saw', 7, [60, 70]),
  ];
  expect(brokenAt(3, points, STATES_MAX)).toBe(50);
  expect(brokenAt(3, points.slice(0, 2), STATES_MAX)).toBeUndefined();
});

test('not answered yet, it may have happened already, or never', () => {
  const pending = at('take', 1, [0, 100]);
  const until = (quantity: number) =>
    linearizable(3, [pending, at('saw', quantity, [10, 20])], STATES_MAX, 50);
  expect([2, 3, 1].map(until)).toEqual(['yes', 'yes', 'no']);
});

test('it gives up when there are too many orders, and does not say that there is none', () => {
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

/** One thing after the other, as it really was; each with bounds somewhere around its moment. */
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

test('what really happened one after the other is always explained', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 12 }), fc.array(step, { maxLength: 30 }), (n, steps) => {
      expect(linearizable(n, played(n, steps), STATES_MAX)).toBe('yes');
    }),
  );
});

test('one answer that was never true is always found, and named', () => {
  const steps = fc.array(step, { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 12 }), steps, fc.nat(), (n, all, index) => {
      const points = played(n, all);
      const wrong = points[index % points.length] as Point;
      Object.assign(wrong, { kind: 'saw', quantity: n + 1, after: null });
      // What it was before may have been taken, and given back behind it.
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

/** Every order there is, tried one by one: what the search must agree with. */
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

test('it finds an order exactly when there is one', () => {
  fc.assert(
    fc.property(fc.nat(4), fc.array(anyPoint, { maxLength: 6 }), (n, points) => {
      const expected = anyOrderFits(n, points) ? 'yes' : 'no';
      expect(linearizable(n, points, STATES_MAX)).toBe(expected);
    }),
    { numRuns: 1_000 },
  );
});

/** What had not been answered by then, with every choice of what of it had happened. */
function anyChoiceFits(available: number, points: Point[], until: number): boolean {
  const owed = points.filter(({ to }) => to <= until);
  const open = points.filter(({ to, kind }) => to > until && ['take', 'give'].includes(kind));
  return Array.from({ length: 2 ** open.length }, (_, choice) => choice).some((choice) =>
    anyOrderFits(available, [...owed, ...open.filter((_, bit) => (choice >> bit) & 1)]),
  );
}

test('also of what was answered by then, the rest having happened or not', () => {
  const points = fc.array(anyPoint, { maxLength: 5 });
  fc.assert(
    fc.property(fc.nat(4), points, fc.nat(35), (n, all, until) => {
      const expected = anyChoiceFits(n, all, until) ? 'yes' : 'no';
      expect(linearizable(n, all, STATES_MAX, until)).toBe(expected);
    }),
    { numRuns: 1_000 },
  );
});
