import { once } from 'node:events';
import { expect, test } from 'vitest';
import type { LinkFault } from './link-fault.ts';
import { openLoopback, say } from './loopback.ts';

const hole = (direction: LinkFault['direction']): LinkFault => ({ action: 'blackhole', direction });

test('without faults both directions pass bytes, and end independently', async () => {
  await using lo = await openLoopback();
  const { client, far } = await lo.connected();
  client.socket.end('bye');
  await far.ended();
  expect(far.received()).toBe('hellobye');
  await say(far, client, 'still here');
  far.socket.end();
  expect(await client.closed).toBe('end');
  expect(lo.affected).toEqual([]);
});

test('a reset behind a blackhole is passed on only when the blackhole ends', async () => {
  await using lo = await openLoopback();
  const { client, far } = await lo.connected();
  lo.link.set([hole('out')]);
  client.socket.resetAndDestroy();
  await lo.touched;
  expect(far.socket.destroyed).toBe(false);
  lo.link.set([]);
  expect(await far.closed).toBe('ECONNRESET');
});

test.each(['both', 'out', 'in'] as const)(
  'a new connection waits for the end of a blackhole in direction %s',
  async (direction) => {
    await using lo = await openLoopback();
    lo.link.set([hole(direction)]);
    const arrived = lo.accepted();
    let isThere = false;
    lo.server.once('connection', () => {
      isThere = true;
    });
    const client = lo.dial();
    client.socket.write('hello');
    await lo.touched;
    expect(lo.affected).toEqual([hole(direction)]);
    expect(isThere).toBe(false);
    lo.link.set([]);
    const far = await arrived;
    await far.receives('hello');
    await say(far, client, 'world');
  },
);

test('ten megabytes to a reader that pauses arrive complete', async () => {
  await using lo = await openLoopback();
  const { client, far } = await lo.connected();
  const bytes = Buffer.alloc(10 * 1024 * 1024, 'in doubt');
  far.socket.pause();
  client.socket.end(bytes);
  await say(far, client, 'go on');
  far.socket.resume();
  await far.ended();
  expect(far.received() === `hello${bytes.toString('latin1')}`).toBe(true);
});

test.each(['client', 'far'] as const)(
  'a RST of the %s is passed on to the other side',
  async (who) => {
    await using lo = await openLoopback();
    const both = await lo.connected();
    both[who].socket.resetAndDestroy();
    expect(await both[who === 'client' ? 'far' : 'client'].closed).toBe('ECONNRESET');
  },
);

test('the client is reset when the target refuses the connection', async () => {
  await using lo = await openLoopback();
  await once(lo.server.close(), 'close');
  expect(await lo.dial().closed).toBe('ECONNRESET');
});
