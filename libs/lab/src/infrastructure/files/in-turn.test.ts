import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { processStart } from '../process/process-start.ts';
import { inTurn } from './in-turn.ts';

function place() {
  const folder = mkdtempSync(join(tmpdir(), 'in-turn-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const said: string[] = [];
  const stop = new AbortController();
  const context = { signal: stop.signal, progress: (line: string) => void said.push(line) };
  const lock = join(folder, 'cache', 'work.lock');
  const turn = (work: () => Promise<unknown>) => inTurn(lock, context, 'it is made', work);
  return { lock, said, stop, turn, left: () => readdirSync(join(folder, 'cache')) };
}

test('work runs one after the other, and the waiting process reports the owner once', async () => {
  const { turn, said, left } = place();
  const first = Promise.withResolvers<void>();
  const order: string[] = [];
  const one = turn(async () => {
    order.push('first begins');
    await first.promise;
    order.push('first ends');
  });
  await expect.poll(() => order).toEqual(['first begins']);
  const two = turn(async () => void order.push('second'));
  await expect.poll(() => said).toEqual([`it is made by process ${process.pid}: waiting for it`]);
  first.resolve();
  await Promise.all([one, two]);
  expect(order).toEqual(['first begins', 'first ends', 'second']);
  expect(left()).toEqual([]);
});

test.each([
  ['a process that has ended', '2147483646@1'],
  ['a pid that another process has now', '1@0'],
  ['a pid that this process has now', `${process.pid}@0`],
  ['no process', 'nonsense'],
])('a lock of %s is removed', async (_, owner) => {
  const { lock, turn, left } = place();
  await turn(async () => undefined);
  symlinkSync(owner, lock);
  expect(await turn(async () => 'done')).toBe('done');
  expect(left()).toEqual([]);
});

test('after a stale lock, concurrent work still runs one at a time', async () => {
  const { lock, turn } = place();
  await turn(async () => undefined);
  symlinkSync('1@0', lock);
  let [inside, most] = [0, 0];
  const work = async (): Promise<void> => {
    most = Math.max(most, ++inside);
    await new Promise(setImmediate);
    inside--;
  };
  await Promise.all(Array.from({ length: 8 }, () => turn(work)));
  expect(most).toBe(1);
});

test('inTurn waits for the lock of a live process until it is interrupted', async () => {
  const { lock, turn, stop, said, left } = place();
  await turn(async () => undefined);
  symlinkSync(`${process.ppid}@${processStart(process.ppid)}`, lock);
  const waiting = turn(async () => 'never');
  await expect.poll(() => said.length).toBe(1);
  stop.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'interrupted' });
  expect(left()).toEqual(['work.lock']);
});
