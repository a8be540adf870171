import { once } from 'node:events';
import { expect, test, vi } from 'vitest';
import type { LinkFault } from './link-fault.ts';
import { openLoopback, say } from './loopback.ts';

const cut: LinkFault = { action: 'cut', direction: 'both' };
const hole = (direction: LinkFault['direction']): LinkFault => ({ action: 'blackhole', direction });

test('a cut resets open and new connections on both sides, until it ends', async () => {
  await using lo = await openLoopback();
  const { client, far } = await lo.connected();
  lo.link.set([cut]);
  expect(await Promise.all([client.closed, far.closed])).toEqual(['ECONNRESET', 'ECONNRESET']);
  expect(lo.affected).toEqual([cut]);
  expect(await lo.dial().closed).toBe('ECONNRESET');
  expect(lo.affected).toEqual([cut]);
  lo.link.set([]);
  await lo.connected();
});

test('a cut without an open connection affects nothing before a client connects', async () => {
  await using lo = await openLoopback();
  lo.link.set([cut]);
  expect(lo.affected).toEqual([]);
  expect(await lo.dial().closed).toBe('ECONNRESET');
  expect(lo.affected).toEqual([cut]);
});

test.each(['out', 'in'] as const)(
  'a blackhole in direction %s leaves the other direction open, and all bytes arrive at its end',
  async (direction) => {
    await using lo = await openLoopback();
    const { client, far } = await lo.connected();
    const [from, to] = direction === 'out' ? [client, far] : [far, client];
    const before = to.received();
    lo.link.set([hole(direction)]);
    from.socket.write('lost?');
    await lo.touched;
    expect(lo.affected).toEqual([hole(direction)]);
    await say(to, from, 'the other direction');
    from.socket.end(' no');
    await say(to, from, 'goes on');
    expect(to.received()).toBe(before);
    lo.link.set([]);
    await to.ended();
    expect(to.received()).toBe(`${before}lost? no`);
  },
);

test('a cut after a blackhole drops the bytes that were blocked', async () => {
  await using lo = await openLoopback();
  const { client, far } = await lo.connected();
  lo.link.set([hole('both')]);
  client.socket.write('lost');
  await lo.touched;
  lo.link.set([cut]);
  expect(await Promise.all([client.closed, far.closed])).toEqual(['ECONNRESET', 'ECONNRESET']);
  expect(far.received()).toBe('hello');
});

test.each(['out', 'in'] as const)(
  'a delay in direction %s makes bytes late by delay and jitter, and keeps their order',
  async (direction) => {
    await using lo = await openLoopback();
    const { client, far } = await lo.connected();
    const [from, to] = direction === 'out' ? [client, far] : [far, client];
    const fault: LinkFault = { action: 'delay', direction, delayMs: 40, jitterMs: 20 };
    const anHour: LinkFault = { action: 'delay', direction, delayMs: 3_600_000 };
    lo.link.set([anHour]);
    const sentAt = performance.now();
    const before = to.received();
    from.socket.write('1');
    await lo.touched;
    await say(to, from, 'at once');
    lo.link.set([fault]);
    from.socket.write('2');
    from.socket.end('3');
    await to.ended();
    expect(performance.now() - sentAt).toBeGreaterThanOrEqual(50);
    expect(to.received()).toBe(`${before}123`);
    expect(lo.affected).toEqual([anHour, fault]);
  },
);

test('delayed bytes are sent at once when the delay ends', async () => {
  await using lo = await openLoopback();
  const { client, far } = await lo.connected();
  lo.link.set([{ action: 'delay', direction: 'both', delayMs: 3_600_000 }]);
  client.socket.write('!');
  await lo.touched;
  lo.link.set([]);
  await far.receives('hello!');
  expect(far.received()).toBe('hello!');
});

test.each(['out', 'in'] as const)(
  'a throttle in direction %s limits the bytes in a second, and all bytes arrive',
  async (direction) => {
    await using lo = await openLoopback();
    const { client, far } = await lo.connected();
    const [from, to] = direction === 'out' ? [client, far] : [far, client];
    const fault: LinkFault = { action: 'throttle', direction, bytesPerSecond: 100_000 };
    const before = to.received();
    lo.link.set([fault]);
    const sentAt = performance.now();
    const text = 'abcdefgh'.repeat(1500); // 12,000 bytes: 2,000 at once, 100 ms for the others
    from.socket.end(text);
    await lo.touched;
    await say(to, from, 'the other direction');
    await to.ended();
    expect(performance.now() - sentAt).toBeGreaterThanOrEqual(99);
    expect(to.received()).toBe(before + text);
    expect(lo.affected).toEqual([fault]);
  },
);

test('the bytes of a throttled link wait for the end of a blackhole', async () => {
  await using lo = await openLoopback();
  const { client, far } = await lo.connected();
  const slow: LinkFault = { action: 'throttle', direction: 'out', bytesPerSecond: 1000 };
  lo.link.set([slow, hole('out')]);
  client.socket.end('x'.repeat(40));
  await lo.touched;
  expect(lo.affected).toEqual([hole('out')]);
  lo.link.set([slow]);
  await far.ended();
  expect(far.received()).toBe(`hello${'x'.repeat(40)}`);
  expect(lo.affected).toEqual([hole('out'), slow]);
});

test('close resets open connections and leaves no listener, socket or timer', async () => {
  await using lo = await openLoopback();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const { client, far } = await lo.connected();
  const waiting = lo.dial();
  lo.link.set([{ action: 'delay', direction: 'both', delayMs: 3_600_000 }]);
  client.socket.write('late');
  await lo.touched;
  expect(vi.getTimerCount()).toBe(1);
  await lo.link.close();
  expect(await Promise.all([client.closed, far.closed])).toEqual(['ECONNRESET', 'ECONNRESET']);
  await waiting.closed;
  expect(await lo.dial().closed).toBe('ECONNREFUSED');
  await once(lo.server.close(), 'close');
  expect(vi.getTimerCount()).toBe(0);
  const sockets = (): string[] =>
    process.getActiveResourcesInfo().filter((what) => what.startsWith('TCP'));
  await vi.waitFor(() => expect(sockets()).toEqual([]));
  await lo.link.close(); // a second call has no effect
});

test('a fault out of range is refused, and the link stays as it was', async () => {
  await using lo = await openLoopback();
  const never: LinkFault = { action: 'throttle', direction: 'out', bytesPerSecond: 0 };
  expect(() => lo.link.set([never])).toThrow('throttle to 0');
  const backwards: LinkFault = { action: 'delay', direction: 'out', delayMs: -1 };
  expect(() => lo.link.set([backwards])).toThrow('delay of -1 ms');
  await lo.connected();
});
