import { PassThrough, Writable } from 'node:stream';
import { beforeEach, expect, test, vi } from 'vitest';
import { createDirection } from './direction.ts';
import type { LinkFault } from './link-fault.ts';
import { startPump } from './pump.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  return () => vi.useRealTimers();
});

/** Runs pending work of the streams without advancing the clock. */
const turn = () => vi.advanceTimersByTimeAsync(0);

/** A pump between two streams. @param drawn the next random numbers. @returns also a list of what
 * arrived in the sink, and when */
function pumpWith(faults: LinkFault[], drawn: number[] = []) {
  const source = new PassThrough();
  const came: [atMs: number, text: string][] = [];
  const startedMs = performance.now();
  const note = (text: string): void => void came.push([performance.now() - startedMs, text]);
  const sink = new Writable({
    write(bytes: Buffer, _encoding, done) {
      note(bytes.toString());
      done();
    },
    final(done) {
      note('the end');
      done();
    },
  });
  const random = (): number => drawn.shift() ?? 0;
  const direction = createDirection({ direction: 'out', random, touched: () => undefined });
  direction.set(faults);
  const pump = startPump({ source, sink, direction, isOpen: () => true });
  return { source, direction, pump, came };
}

test('a later piece with less jitter does not overtake an earlier one', async () => {
  const late: LinkFault = { action: 'delay', direction: 'out', delayMs: 10, jitterMs: 100 };
  const { source, came } = pumpWith([late], [0.5, 0.1]);
  source.write('one');
  await turn();
  await vi.advanceTimersByTimeAsync(5);
  source.end('two');
  await turn();
  await vi.advanceTimersByTimeAsync(54);
  expect(came).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(came).toEqual([
    [60, 'one'],
    [60, 'two'],
    [60, 'the end'],
  ]);
});

test('a throttle splits a piece, and the end comes after its last part', async () => {
  const { source, came } = pumpWith([
    { action: 'throttle', direction: 'out', bytesPerSecond: 200 },
  ]);
  source.end('abcdefghij');
  await turn();
  await vi.runAllTimersAsync();
  expect(came).toEqual([
    [0, 'abcd'],
    [20, 'efgh'],
    [30, 'ij'],
    [30, 'the end'],
  ]);
});

test('new faults apply to waiting bytes, counted from their arrival', async () => {
  const { source, direction, pump, came } = pumpWith([
    { action: 'delay', direction: 'out', delayMs: 1000 },
  ]);
  source.write('!');
  await turn();
  await vi.advanceTimersByTimeAsync(30);
  direction.set([{ action: 'delay', direction: 'out', delayMs: 50 }]);
  pump.resume();
  await vi.runAllTimersAsync();
  expect(came).toEqual([[50, '!']]);
});

test('the source is paused while the sink takes no more bytes', async () => {
  const source = new PassThrough();
  const taken: (() => void)[] = [];
  const sink = new Writable({ write: (_bytes, _encoding, done) => void taken.push(done) });
  const direction = createDirection({
    direction: 'out',
    random: () => 0,
    touched: () => undefined,
  });
  startPump({ source, sink, direction, isOpen: () => true });
  const piece = Buffer.alloc(16 * 1024);
  let written = 0;
  while (written < 1000 && source.write(piece)) written++;
  for (; written < 1000 && !source.isPaused(); written++) {
    source.write(piece);
    await turn();
  }
  expect(source.isPaused()).toBe(true);
  expect(written).toBeLessThan(20);
  while (taken.length > 0) {
    taken.shift()?.();
    await turn();
  }
  expect(source.isPaused()).toBe(false);
});

test('a stopped pump leaves no timer', async () => {
  const { source, pump } = pumpWith([{ action: 'delay', direction: 'out', delayMs: 1000 }]);
  source.write('!');
  await turn();
  expect(vi.getTimerCount()).toBe(1);
  pump.stop();
  expect(vi.getTimerCount()).toBe(0);
});
