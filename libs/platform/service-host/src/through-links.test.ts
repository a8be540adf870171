import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { armChaos, type FaultHit, parseChaos, setChaos } from '@indoubt/chaos';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { throughLinks } from './through-links.ts';

let server: Server;
let port: number;
const sockets: Socket[] = [];
let emitted: FaultHit[] = [];

/** An echo server, which stands for database, broker and peer. */
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
  emitted = [];
  armChaos({
    process: 'payment',
    rules: parseChaos(text),
    seed: 1,
    emit: (hit) => emitted.push(hit),
  });
}

/** The echo that comes back through this port, or the code of the error. */
async function echoThrough(to: number): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port: to });
  sockets.push(socket.on('error', () => undefined)); // a later cut resets the socket
  socket.write('hello');
  try {
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    return bytes.toString();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown';
  }
}

test('without a fault on a link of this process no link is opened', async () => {
  const off = config('payment:*=crash; order->kafka=cut');
  expect(await throughLinks('payment', off)).toBe(off);
});

test('with CHAOS_LINKS=on every address, and no other setting, is replaced', async () => {
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
  // The broker is still named by its own address, and reached through the link.
  expect(linked.KAFKA_BROKERS).toEqual([`127.0.0.1:${port}`]);
  expect(await Promise.all(ports.map(echoThrough))).toEqual(Array(5).fill('hello'));
});

test('an address that the configuration does not have gets no link', async () => {
  const { CHAOS, CHAOS_SEED, CHAOS_LINKS, DATABASE_URL } = config('', 'on');
  const least = { CHAOS, CHAOS_SEED, CHAOS_LINKS, DATABASE_URL };
  const linked = await throughLinks('coordinator', least);
  expect(Object.keys(linked)).toEqual(Object.keys(least));
});

test('a fault in CHAOS affects only its link, and is emitted when it fires', async () => {
  const text = 'payment->payments-db=cut';
  const linked = await throughLinks('payment', config(text));
  arm(text);
  expect(await echoThrough(linked.kafkaVia?.port ?? 0)).toBe('hello');
  expect(emitted).toEqual([]);
  expect(await echoThrough(Number(new URL(linked.DATABASE_URL).port))).toBe('ECONNRESET');
  expect(emitted).toMatchObject([{ kind: 'link', name: 'payment->payments-db', action: 'cut' }]);
});

test('the database link of a relay is that to the database of its service', async () => {
  const text = 'relay-payment->payments-db=cut';
  const linked = await throughLinks('relay-payment', config(text));
  armChaos({ process: 'relay-payment', rules: parseChaos(text), seed: 1, emit: () => undefined });
  expect(await echoThrough(Number(new URL(linked.DATABASE_URL).port))).toBe('ECONNRESET');
});

test('faults of links can be armed and cleared while the process runs', async () => {
  const linked = await throughLinks('payment', config('', 'on'));
  const kafka = linked.kafkaVia?.port ?? 0;
  arm('');
  setChaos(parseChaos('payment->kafka=cut'));
  expect(await echoThrough(kafka)).toBe('ECONNRESET');
  setChaos([]);
  expect(await echoThrough(kafka)).toBe('hello');
});

test('a fault with a duration ends after it, and faults of other links stay', async () => {
  const linked = await throughLinks('payment', config('', 'on'));
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  arm('payment->kafka=cut(for=2s); payment->coordinator=cut');
  const kafka = linked.kafkaVia?.port ?? 0;
  vi.advanceTimersByTime(1_999);
  expect(await echoThrough(kafka)).toBe('ECONNRESET');
  vi.advanceTimersByTime(1);
  expect(await echoThrough(kafka)).toBe('hello');
  expect(await echoThrough(Number(new URL(linked.COORDINATOR_URLS[0] ?? '').port))).toBe(
    'ECONNRESET',
  );
});

test('a fault on a link to Kafka is refused when there are several brokers', async () => {
  const two = { ...config('payment->kafka=cut'), KAFKA_BROKERS: ['a:1', 'b:2'] };
  await expect(throughLinks('payment', two)).rejects.toThrow('Links to Kafka need one broker');
});
