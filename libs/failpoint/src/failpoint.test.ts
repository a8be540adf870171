import { afterEach, expect, test, vi } from 'vitest';
import { armFailpoints, failpoint, parseChaos } from './failpoint.ts';

afterEach(() => {
  armFailpoints([], () => undefined);
  vi.restoreAllMocks();
});

test('a flag names the point, the action and the hit', () => {
  expect(parseChaos('relay:published-not-marked=crash@2')).toEqual([
    { name: 'relay:published-not-marked', action: 'crash', hit: 2 },
  ]);
});

test('the hit is the first unless said; parts are joined by a semicolon', () => {
  const flag = 'relay:published-not-marked=crash; inventory:handled-not-acknowledged=crash@3;';
  expect(parseChaos(flag).map((armed) => armed.hit)).toEqual([1, 3]);
});

test.each(['relay:nowhere=crash', 'relay:published-not-marked', 'relay:published-not-marked=jump'])(
  'a wrong part is named: %s',
  (flag) => {
    expect(() => parseChaos(flag)).toThrow(`CHAOS: cannot read "${flag}"`);
  },
);

test('hit zero never comes: refused', () => {
  expect(() => parseChaos('relay:published-not-marked=crash@0')).toThrow('HIT from 1');
});

test('fires at its hit only, and tells before it kills', () => {
  const told: string[] = [];
  const kill = vi.spyOn(process, 'kill').mockImplementation(() => {
    told.push('killed');
    return true;
  });
  armFailpoints(parseChaos('relay:published-not-marked=crash@2'), (armed) => told.push(armed.name));
  failpoint('relay:published-not-marked');
  expect(told).toEqual([]);
  failpoint('relay:published-not-marked');
  expect(told).toEqual(['relay:published-not-marked', 'killed']);
  expect(kill).toHaveBeenCalledWith(process.pid, 'SIGKILL');
});
