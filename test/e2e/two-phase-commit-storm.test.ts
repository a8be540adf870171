import type { OrderView, PlaceOrder } from '@indoubt/contracts';
import { expect, test } from 'vitest';
import { type OpenLab, openLab } from './open-lab.ts';
import { sharedServers } from './shared-servers.ts';

const servers = sharedServers();

const ORDERS = 200;
const CLIENTS = 32;
const KILLS_MIN = 5;
/** So many orders are answered between one kill and the next. */
const ANSWERED_BETWEEN = 25;

type Told = OrderView['status'] | 'in-doubt' | 'not-reached';

interface Storm {
  open: OpenLab;
  /** What each order's client was told in the end; `kills`, how many there had been by then. */
  answers: { told: Told; orderId: string; kills: number }[];
  /** Answers that said definitely no, so that the client came again. */
  refused: number;
  kills: number;
  /** Settles when the coordinator is there (again). */
  back: Promise<unknown>;
  answered: EventTarget;
}

/** More than there is of mugs and kettles, and more than Carol can pay. */
function orderOf(n: number): PlaceOrder {
  const sku = n % 4 === 0 ? 'mug' : n % 10 === 1 ? 'kettle' : 'tea';
  const customerId = n % 8 === 3 ? 'carol' : n % 2 === 0 ? 'alice' : 'bob';
  return { customerId, lines: [{ sku, quantity: 1 + (n % 2) }] };
}

/** One of the clients: takes the next order when its last one is answered. */
async function client(storm: Storm, numbers: Iterable<number>): Promise<void> {
  const { open, answers, answered } = storm;
  for (const n of numbers) {
    for (;;) {
      const { told, orderId } = await placeOnce(open, orderOf(n));
      if (told !== 'not-reached') {
        answers.push({ told, orderId, kills: storm.kills });
        break;
      }
      storm.refused += 1;
      await storm.back;
    }
    answered.dispatchEvent(new Event('answer'));
  }
}

const NOT_REACHED = { code: 'service-unavailable', message: /503: .*no connection/ };

/** Definite: without a coordinator nothing was begun, so that it may be placed again. */
async function placeOnce(open: OpenLab, order: PlaceOrder) {
  try {
    const { id, status } = await open.client.place(order);
    return { told: status, orderId: id };
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code !== NOT_REACHED.code || !NOT_REACHED.message.test(message)) throw error;
    return { told: 'not-reached', orderId: '' } as const;
  }
}

/** Kills the coordinator again and again, each time once it has done some work. */
async function killAgainAndAgain(storm: Storm): Promise<void> {
  while (await answeredMore(storm, ANSWERED_BETWEEN)) {
    const { open } = storm;
    await open.lab.services.kill('coordinator');
    storm.kills += 1;
    const pid = open.pidOf('coordinator');
    storm.back = open.event((line) => line.event === 'service-ready' && line.pid === pid);
    await storm.back;
  }
}

/** @returns false when those were the last */
async function answeredMore({ answers, answered }: Storm, more: number): Promise<boolean> {
  const enough = Math.min(answers.length + more, ORDERS);
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = () => {
    if (answers.length >= enough) resolve();
  };
  answered.addEventListener('answer', look);
  look();
  await promise;
  answered.removeEventListener('answer', look);
  return answers.length < ORDERS;
}

test('200 orders by 32 clients, the coordinator killed once a second: each ends one way', async () => {
  await using open = await openLab(servers(), { coordination: '2pc' });
  const storm: Storm = { open, answers: [], refused: 0, kills: 0, answered: new EventTarget(), back: Promise.resolve() };
  const numbers = Array.from({ length: ORDERS }, (_, n) => n).values();
  const startedAt = performance.now();
  await Promise.all([
    killAgainAndAgain(storm),
    ...Array.from({ length: CLIENTS }, () => client(storm, numbers)),
  ]);
  const c: any = {};
  for (const { told, kills } of storm.answers) c[`${kills} ${told}`] = (c[`${kills} ${told}`] ?? 0) + 1;
  console.log(performance.now() - startedAt, storm.kills, storm.refused, c, open.lab.runDir);
  expect(storm.kills).toBeGreaterThanOrEqual(KILLS_MIN);
  expect(await open.broken()).toEqual([]);
  console.log(performance.now() - startedAt);
});
