import { expect, test } from 'vitest';
import { blockedBehind, type WaitingSession } from './blocked-sessions.ts';

const XID = '742';

function waiting(pid: number, one: Partial<WaitingSession>): WaitingSession {
  const what = { name: 'order', waitsFor: 'a row of stock', waitsMs: 10, query: '' };
  return { pid, ...what, behind: [], heldBy: [], ...one };
}

const pidsBehind = (...sessions: WaitingSession[]): number[] =>
  blockedBehind(XID, sessions).map(({ pid }) => pid);

test('a session that waits for the prepared transaction is blocked', () => {
  expect(pidsBehind(waiting(1, { heldBy: [XID] }))).toEqual([1]);
});

test('a session that queues behind blocked sessions is blocked', () => {
  const third = waiting(3, { behind: [2] });
  const second = waiting(2, { behind: [1] });
  expect(pidsBehind(third, second, waiting(1, { heldBy: [XID] }))).toEqual([1, 2, 3]);
});

test('a session that waits for another lock holder is not blocked', () => {
  const other = waiting(4, { heldBy: ['743'] });
  expect(pidsBehind(other, waiting(5, { behind: [4] }), waiting(6, { behind: [7] }))).toEqual([]);
});

test('sessions that wait for each other are listed once each', () => {
  const first = waiting(1, { heldBy: [XID], behind: [2] });
  expect(pidsBehind(first, waiting(2, { behind: [1] }))).toEqual([1, 2]);
});
