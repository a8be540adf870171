import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { armChaos, type FaultHit, parseChaos, setChaos } from '@indoubt/chaos';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { throughLinks } from './through-links.ts';

let server: Server;
let port: number;
const sockets: Socket[] = [];
let told: FaultHit[] = [];

/** Says back what it hears: database, broker and peer in one. */
beforeAll(async () => {
  server = createServer((socket) => {
    sockets.push(socket.on('error', () => undefined));
    socket.pipe(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  vi.useRealTimers();
  setChaos([]);
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await once(server.close(), 'close');
});

const config = (chaos = '', CHAOS_LINKS: 'on' | 'off' = 'off') => ({
  CHAOS: parseChaos(chaos),
  CHAOS_SEED: 1,
  CHAOS_LINKS,
  DATABASE_URL: `postgres://user:word@127.0.0.1:${port}/payments?application_name=x`,
  KAFKA_BROKERS: [`127.0.0.1:${port}`],
  COORDINATOR_URLS: [`http://127.0.0.1:${port}`],
  PARTICIPANTS: new Map([['order', `http://127.0.0.1:${port}`]]),
  CARD_PROCESSOR_URL: `http://127.0.0.1:${port}`,
});

function arm(text: string): void {
  told = [];
  armChaos({ process: 'payment', rules: parseChaos(text), seed: 1, emit: (hit) => told.push(hit) });
}

/** What comes back through this port: the echo, or the code of the error. */
async function said(to: number): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: to });
  sockets.push(socket.on('error', () => undefined)); // what is cut later is reset then
  socket.write('hello');
  try {
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    return bytes.toString();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}

test('no fault on a link of this process: nothing is in the way', async () => {
  const off = config('payment:*=crash; order->kafka=cut');
  expect(await throughLinks('payment', off)).toBe(off);
});

test('asked for: every address is that of a link, and all else is as it was', async () => {
  const linked = await throughLinks('inventory', config('', 'on'));
  const database = new URL(linked.DATABASE_URL);
  expect(database.href).toBe(
    `postgres://user:word@127.0.0.1:${database.port}/payments?application_name=x`,
  );
  const ports = [
    Number(database.port),
    linked.kafkaVia?.port ?? 0,
    ...[...linked.COORDINATOR_URLS, ...linked.PARTICIPANTS.values(), linked.CARD_PROCESSOR_URL].map(
      (url) => Number(new URL(url).port),
    ),
  ];
  expect(new Set([...ports, port]).size).toBe(6);
  // The broker is known by its own name, and reached through the link.
  expect(linked.KAFKA_BROKERS).toEqual([`127.0.0.1:${port}`]);
  expect(await Promise.all(ports.map(said))).toEqual(Array(5).fill('hello'));
});

test('what a process does not open has no link', async () => {
  const { CHAOS, CHAOS_SEED, CHAOS_LINKS, DATABASE_URL } = config('', 'on');
  const least = { CHAOS, CHAOS_SEED, CHAOS_LINKS, DATABASE_URL };
  const linked = await throughLinks('coordinator', least);
  expect(Object.keys(linked)).toEqual(Object.keys(least));
});

test('a fault of the start: on its link only, and told when it has struck', async () => {
  const text = 'payment->payments-db=cut';
  const linked = await throughLinks('payment', config(text));
  arm(text);
  expect(await said(linked.kafkaVia?.port ?? 0)).toBe('hello');
  expect(told).toEqual([]);
  expect(await said(Number(new URL(linked.DATABASE_URL).port))).toBe('ECONNRESET');
  expect(told).toMatchObject([{ kind: 'link', name: 'payment->payments-db', action: 'cut' }]);
});

test("a relay's link is to the database of its service", async () => {
  const text = 'relay-payment->payments-db=cut';
  const linked = await throughLinks('relay-payment', config(text));
  armChaos({ process: 'relay-payment', rules: parseChaos(text), seed: 1, emit: () => undefined });
  expect(await said(Number(new URL(linked.DATABASE_URL).port))).toBe('ECONNRESET');
});

test('armed and cleared while it runs', async () => {
  const linked = await throughLinks('payment', config('', 'on'));
  const kafka = linked.kafkaVia?.port ?? 0;
  arm('');
  setChaos(parseChaos('payment->kafka=cut'));
  expect(await said(kafka)).toBe('ECONNRESET');
  setChaos([]);
  expect(await said(kafka)).toBe('hello');
});

test('for a time: over when it is over, and another fault of the link stays', async () => {
  const linked = await throughLinks('payment', config('', 'on'));
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  arm('payment->kafka=cut(for=2s); payment->coordinator=cut');
  const kafka = linked.kafkaVia?.port ?? 0;
  vi.advanceTimersByTime(1_999);
  expect(await said(kafka)).toBe('ECONNRESET');
  vi.advanceTimersByTime(1);
  expect(await said(kafka)).toBe('hello');
  expect(await said(Number(new URL(linked.COORDINATOR_URLS[0] ?? '').port))).toBe('ECONNRESET');
});

test('several brokers cannot be reached through one link: said at the start', async () => {
  const two = { ...config('payment->kafka=cut'), KAFKA_BROKERS: ['a:1', 'b:2'] };
  await expect(throughLinks('payment', two)).rejects.toThrow('Links to Kafka need one broker');
});
