import { orderView, type PlaceOrder } from '@indoubt/contracts';
import { DEFAULT_WORLD } from '@indoubt/lab';
import { expect, test } from 'vitest';
import { type OpenLab, openLab } from './open-lab.ts';
import { sharedServers } from './shared-servers.ts';

const servers = sharedServers();

const ORDERS = 200;
const CLIENTS = 32;
const KILLS_MIN = 5;
/** So many orders are confirmed between one kill and the next. */
const CONFIRMED_BETWEEN = 20;
const STOCK = 45;
/** More than clients: branches that share two rows with others wait for each other crosswise. */
const CUSTOMERS = 40;

const WORLD = {
  products: DEFAULT_WORLD.products.map((product) => ({ ...product, stock: STOCK })),
  customers: Array.from({ length: CUSTOMERS }, (_, n) => ({
    id: `customer-${n}`,
    name: `Customer ${n}`,
    // Every tenth cannot pay for anything.
    balanceCents: n % 10 === 0 ? 0 : 100_000,
    creditLimitCents: 0,
  })),
};

/** 180 can be paid for, 60 of each product: 45 of them are there. */
function orderOf(n: number): PlaceOrder {
  const { sku } = WORLD.products[n % WORLD.products.length] ?? { sku: '' };
  return { customerId: `customer-${n % CUSTOMERS}`, lines: [{ sku, quantity: 1 }] };
}

interface Answer {
  /** A status and its reason, `in-doubt`, `not-reached`, or what else was said. */
  told: string;
  orderId: string;
  /** How often the coordinator had been killed by then. */
  kills: number;
}

interface Storm {
  open: OpenLab;
  answers: Answer[];
  kills: number;
  /** Settles when the coordinator is there (again). */
  back: Promise<unknown>;
  answered: EventTarget;
}

/** By a rule of the shop, or because nobody can say: what the kills undid is placed again. */
const FINAL = /^(CONFIRMED|REJECTED: (payment-declined|insufficient-stock)|in-doubt)$/;

/** Beside those, whatever a crash may do to an order that is placed meanwhile. */
const UNDONE = 'transaction-aborted|timed-out|service-unavailable|database-unavailable';
const EXPECTED = new RegExp(`${FINAL.source}|^not-reached$|^REJECTED: (${UNDONE})$`);

/** One of the clients: takes the next order when its last one is answered for good. */
async function client(storm: Storm, numbers: Iterable<number>): Promise<void> {
  for (const n of numbers) {
    for (let told = ''; !FINAL.test(told); ) {
      await storm.back;
      const answer = await placeOnce(storm.open, orderOf(n));
      told = answer.told;
      storm.answers.push({ ...answer, kills: storm.kills });
      storm.answered.dispatchEvent(new Event('answer'));
    }
  }
}

async function placeOnce({ client }: OpenLab, order: PlaceOrder) {
  const { status: http, code, body, orderId = '' } = await client.post(order);
  if (code === 'in-doubt' && orderId !== '') return { told: 'in-doubt', orderId };
  // Definite: the coordinator has begun no transaction.
  if (http === 503 && code === 'not-reached') return { told: 'not-reached', orderId };
  if (http === null || code !== undefined) return { told: `${http} ${code}`, orderId };
  const { status } = orderView.parse(body);
  if (status !== 'REJECTED') return { told: status, orderId };
  const rejected = await client.read(orderId);
  const reason = typeof rejected === 'object' ? rejected.reason : rejected;
  return { told: `REJECTED: ${reason}`, orderId };
}

const isConfirmed = ({ told }: Answer) => told === 'CONFIRMED';

/** Kills the coordinator again and again, each time once orders are confirmed again. */
async function killAgainAndAgain(storm: Storm, over: Promise<unknown>): Promise<void> {
  while (await Promise.race([confirmedMore(storm), over.then(() => false)])) {
    const { open } = storm;
    await open.lab.services.kill('coordinator');
    storm.kills += 1;
    const pid = open.pidOf('coordinator');
    storm.back = open.event((line) => line.event === 'service-ready' && line.pid === pid);
    await storm.back;
  }
}

async function confirmedMore({ answers, answered }: Storm): Promise<boolean> {
  const enough = answers.filter(isConfirmed).length + CONFIRMED_BETWEEN;
  const { promise, resolve } = Promise.withResolvers<true>();
  const look = () => {
    if (answers.filter(isConfirmed).length >= enough) resolve(true);
  };
  answered.addEventListener('answer', look);
  return promise.finally(() => answered.removeEventListener('answer', look));
}

/** What was said to each client, and what its order came to. */
async function contradictions({ open, answers }: Storm): Promise<string[]> {
  const { rows } = await open.lab.databases.order.pool.query<{ id: string; is: string }>(
    `select id, concat_ws(': ', status, reason) as "is" from orders`,
  );
  const orders = new Map(rows.map(({ id, is }) => [id, is]));
  const told = answers.filter((answer) => /^(CONFIRMED|REJECTED)/.test(answer.told));
  return told
    .filter((answer) => orders.get(answer.orderId) !== answer.told)
    .map((answer) => `${answer.orderId}: ${answer.told}, but is ${orders.get(answer.orderId)}`);
}

/** What is prepared in the lab's own databases, and what the coordinator's log has not ended. */
async function leftOver({ lab }: OpenLab): Promise<unknown[]> {
  const PREPARED = 'select gid from pg_prepared_xacts where database = current_database()';
  const OPEN = 'select id, decision from transactions where ended_at is null';
  const { coordinator } = lab.databases;
  const looks = Object.values(lab.databases).map(({ pool }) => pool.query(PREPARED));
  const results = await Promise.all([...looks, coordinator.pool.query(OPEN)]);
  return results.flatMap(({ rows }) => rows);
}

/** A restart on a loaded machine takes seconds, and there is one for every twenty orders. */
const STORM_WITHIN_MS = 300_000;

test(
  '200 orders by 32 clients, the coordinator killed over and over',
  async () => {
    await using open = await openLab(servers(), { coordination: '2pc', world: WORLD });
    const answered = new EventTarget();
    const storm: Storm = { open, answers: [], kills: 0, back: Promise.resolve(), answered };
    const { answers } = storm;
    const numbers = Array.from({ length: ORDERS }, (_, n) => n).values();
    const clients = Promise.all(Array.from({ length: CLIENTS }, () => client(storm, numbers)));
    await Promise.all([clients, killAgainAndAgain(storm, clients)]);

    expect(storm.kills).toBeGreaterThanOrEqual(KILLS_MIN);
    expect(answers.filter(({ told }) => !EXPECTED.test(told))).toEqual([]);
    // Before the first kill, and between any two.
    const rounds = new Set(answers.filter(isConfirmed).map(({ kills }) => kills));
    expect(rounds.size).toBeGreaterThanOrEqual(KILLS_MIN);
    for (const told of ['REJECTED: payment-declined', 'REJECTED: insufficient-stock']) {
      expect(answers.map((answer) => answer.told)).toContain(told);
    }
    expect(await open.broken()).toEqual([]);
    expect(await leftOver(open)).toEqual([]);
    expect(await contradictions(storm)).toEqual([]);
  },
  STORM_WITHIN_MS,
);
