import { orderView, type PlaceOrder } from '@indoubt/contracts';
import { DEFAULT_WORLD } from '@indoubt/lab';
import { expect, test } from 'vitest';
import { scaled } from '../runner/slowness.ts';
import { type OpenLab, openLab } from './open-lab.ts';
import { sharedServers } from './shared-servers.ts';

const servers = sharedServers();

const ORDERS = 200;
const CLIENTS = 32;
const KILLS_MIN = 5;
/** This many orders are confirmed between two kills. */
const CONFIRMED_BETWEEN = 20;
const STOCK = 45;
/** More customers than clients: branches that share two rows could deadlock across databases. */
const CUSTOMERS = 40;

const WORLD = {
  products: DEFAULT_WORLD.products.map((product) => ({ ...product, stock: STOCK })),
  customers: Array.from({ length: CUSTOMERS }, (_, n) => ({
    id: `customer-${n}`,
    name: `Customer ${n}`,
    // Every tenth customer has no money.
    balanceCents: n % 10 === 0 ? 0 : 100_000,
    creditLimitCents: 0,
  })),
};

/** 180 of the orders can be paid, 60 for each product, which has a stock of 45. */
function orderOf(n: number): PlaceOrder {
  const { sku } = WORLD.products[n % WORLD.products.length] ?? { sku: '' };
  return { customerId: `customer-${n % CUSTOMERS}`, lines: [{ sku, quantity: 1 }] };
}

interface Reply {
  /** A status with its reason, `in-doubt`, `not-reached`, or an HTTP status with a code. */
  outcome: string;
  orderId: string;
  /** The number of kills of the coordinator before the reply. */
  kills: number;
}

interface Storm {
  open: OpenLab;
  replies: Reply[];
  kills: number;
  /** Resolves when the coordinator is ready (again). */
  back: Promise<unknown>;
  replied: EventTarget;
}

/** Outcomes after which a client goes on. An order that a kill undid is placed again. */
const FINAL = /^(CONFIRMED|REJECTED: (payment-declined|insufficient-stock)|in-doubt)$/;

/** Other outcomes that a crash may cause for an order that is placed meanwhile. */
const UNDONE = 'transaction-aborted|timed-out|service-unavailable|database-unavailable';
const EXPECTED = new RegExp(`${FINAL.source}|^not-reached$|^REJECTED: (${UNDONE})$`);

/** Runs a client, which takes the next order when its last order has a final outcome. */
async function client(storm: Storm, numbers: Iterable<number>): Promise<void> {
  for (const n of numbers) {
    for (let outcome = ''; !FINAL.test(outcome); ) {
      await storm.back;
      const reply = await placeOnce(storm.open, orderOf(n));
      outcome = reply.outcome;
      storm.replies.push({ ...reply, kills: storm.kills });
      storm.replied.dispatchEvent(new Event('reply'));
    }
  }
}

async function placeOnce({ client }: OpenLab, order: PlaceOrder) {
  const { status: http, code, body, orderId = '' } = await client.post(order);
  if (code === 'in-doubt' && orderId !== '') return { outcome: 'in-doubt', orderId };
  // A definite failure: the coordinator has begun no transaction.
  if (http === 503 && code === 'not-reached') return { outcome: 'not-reached', orderId };
  if (http === null || code !== undefined) return { outcome: `${http} ${code}`, orderId };
  const { status } = orderView.parse(body);
  if (status !== 'REJECTED') return { outcome: status, orderId };
  const rejected = await client.read(orderId);
  const reason = typeof rejected === 'object' ? rejected.reason : rejected;
  return { outcome: `REJECTED: ${reason}`, orderId };
}

const isConfirmed = ({ outcome }: Reply) => outcome === 'CONFIRMED';

/** Kills the coordinator again and again, each time after some more orders are confirmed. */
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

async function confirmedMore({ replies, replied }: Storm): Promise<boolean> {
  const enough = replies.filter(isConfirmed).length + CONFIRMED_BETWEEN;
  const { promise, resolve } = Promise.withResolvers<true>();
  const check = () => {
    if (replies.filter(isConfirmed).length >= enough) resolve(true);
  };
  replied.addEventListener('reply', check);
  return promise.finally(() => replied.removeEventListener('reply', check));
}

/** The replies that differ from the stored state of their orders. */
async function contradictions({ open, replies }: Storm): Promise<string[]> {
  const { rows } = await open.lab.databases.order.pool.query<{ id: string; is: string }>(
    `select id, concat_ws(': ', status, reason) as "is" from orders`,
  );
  const orders = new Map(rows.map(({ id, is }) => [id, is]));
  const final = replies.filter((reply) => /^(CONFIRMED|REJECTED)/.test(reply.outcome));
  return final
    .filter((reply) => orders.get(reply.orderId) !== reply.outcome)
    .map((reply) => `${reply.orderId}: ${reply.outcome}, but is ${orders.get(reply.orderId)}`);
}

/** Prepared transactions in the lab's databases, and open transactions in the decision log. */
async function leftOver({ lab }: OpenLab): Promise<unknown[]> {
  const PREPARED = 'select gid from pg_prepared_xacts where database = current_database()';
  const OPEN = 'select id, decision from transactions where ended_at is null';
  const { coordinator } = lab.databases;
  const queries = Object.values(lab.databases).map(({ pool }) => pool.query(PREPARED));
  const results = await Promise.all([...queries, coordinator.pool.query(OPEN)]);
  return results.flatMap(({ rows }) => rows);
}

/** A restart on a loaded machine takes seconds, and there is one for every twenty orders. */
const STORM_WITHIN_MS = scaled(300_000);

test(
  '200 2pc orders by 32 clients end correctly while the coordinator is killed repeatedly',
  async () => {
    await using open = await openLab(servers(), { coordination: '2pc', world: WORLD });
    const replied = new EventTarget();
    const storm: Storm = { open, replies: [], kills: 0, back: Promise.resolve(), replied };
    const { replies } = storm;
    const numbers = Array.from({ length: ORDERS }, (_, n) => n).values();
    const clients = Promise.all(Array.from({ length: CLIENTS }, () => client(storm, numbers)));
    await Promise.all([clients, killAgainAndAgain(storm, clients)]);

    expect(storm.kills).toBeGreaterThanOrEqual(KILLS_MIN);
    expect(replies.filter(({ outcome }) => !EXPECTED.test(outcome))).toEqual([]);
    // Orders were confirmed before the first kill and between any two kills.
    const rounds = new Set(replies.filter(isConfirmed).map(({ kills }) => kills));
    expect(rounds.size).toBeGreaterThanOrEqual(KILLS_MIN);
    for (const outcome of ['REJECTED: payment-declined', 'REJECTED: insufficient-stock']) {
      expect(replies.map((reply) => reply.outcome)).toContain(outcome);
    }
    expect(await open.broken()).toEqual([]);
    expect(await leftOver(open)).toEqual([]);
    expect(await contradictions(storm)).toEqual([]);
  },
  STORM_WITHIN_MS,
);
