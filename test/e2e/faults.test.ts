import { orderView } from '@indoubt/contracts';
import { expect, test } from 'vitest';
import { type OpenLab, openLab } from './open-lab.ts';
import { ownServers } from './shared-servers.ts';

const servers = ownServers();
const TEA = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] };
const ENDS_WITHIN_S = 30;

/** There is tea for 100 orders and mugs for 20. Orders name them in both sequences: no deadlock. */
const LINES = [
  { sku: 'tea', quantity: 1 },
  { sku: 'mug', quantity: 1 },
];
const BOTH = { customerId: 'alice', lines: LINES };
const REVERSED = { customerId: 'alice', lines: LINES.toReversed() };

async function placeMany(open: OpenLab, count: number): Promise<string[]> {
  const orders = Array.from({ length: count }, (_, n) => (n % 2 === 0 ? BOTH : REVERSED));
  return Promise.all(orders.map((order) => open.placeOrder(order)));
}

/** How many orders came to each end. */
async function ends(open: OpenLab, ids: string[]): Promise<Record<string, number>> {
  const orders = await Promise.all(ids.map((id) => open.client.readFinal(id, ENDS_WITHIN_S)));
  const groups = Map.groupBy(orders, ({ status }) => status);
  return Object.fromEntries([...groups].map(([status, { length }]) => [status, length]));
}

async function count(open: OpenLab, table: string, orderId: string): Promise<number> {
  const { pool } = open.lab.databases.payment;
  const { rows } = await pool.query(`select from ${table} where order_id = $1`, [orderId]);
  return rows.length;
}

test('payment that crashes between charge and acknowledgement charges once', async () => {
  await using open = await openLab(servers(), {
    chaos: { rules: 'payment:handled-not-acknowledged=crash@1' },
  });
  const orderId = await open.placeOrder(TEA);
  await open.lab.services.died('payment');
  await open.reaches(orderId, 'CONFIRMED');
  await open.event((line) => {
    const isCapture = line.event === 'message-handled' && line.step === 'capture-payment';
    return isCapture && line.how === 'repeat';
  });
  expect(await count(open, 'payments', orderId)).toBe(1);
  expect(await open.broken()).toEqual([]);
});

test('while Kafka hangs for three seconds orders are accepted, and all complete', async () => {
  const kafka = servers().pids['kafka'];
  if (kafka === undefined) throw new Error('these tests did not start the broker');
  await using open = await openLab(servers(), { saga: { answerWithinMs: 1_000, attemptsMax: 8 } });
  const before = await placeMany(open, 5);
  open.signal(kafka, 'SIGSTOP');
  const orderId = await open.placeOrder(BOTH);
  // The retries come after one second and after two more: Kafka has been away for three seconds.
  await open.event((line) => {
    return line.orderId === orderId && line.event === 'saga-command-retried' && line.attempts === 3;
  });
  open.signal(kafka, 'SIGCONT');
  expect(await ends(open, [...before, orderId])).toEqual({ CONFIRMED: 6 });
  expect(await open.broken()).toEqual([]);
});

test('a relay that hangs past its lease is replaced, and does no harm when it wakes', async () => {
  await using open = await openLab(servers());
  const standby = await open.lab.services.addCopy('relay-order');
  const first = await open.event(({ event, process }) => {
    return event === 'lease-taken' && process === 'relay-order';
  });
  expect(first.pid).toBe(open.pidOf('relay-order'));
  const before = await placeMany(open, 10);
  open.signal(first.pid, 'SIGSTOP');
  await open.event(({ event, pid }) => event === 'lease-taken' && pid === standby);
  const meanwhile = await placeMany(open, 5);
  expect(await ends(open, [...before, ...meanwhile])).toEqual({ CONFIRMED: 15 });
  open.signal(first.pid, 'SIGCONT');
  expect(await ends(open, await placeMany(open, 5))).toEqual({ CONFIRMED: 5 });
  expect(await open.broken()).toEqual([]);
});

test('with two copies of order and inventory, stock for 20 orders confirms 20 of 30', async () => {
  await using open = await openLab(servers());
  await Promise.all([open.lab.services.addCopy('inventory'), open.lab.services.addCopy('order')]);
  const ids = await placeMany(open, 30);
  expect(await ends(open, ids)).toEqual({ CONFIRMED: 20, REJECTED: 10 });
  expect(await open.broken()).toEqual([]);
});

test('inventory is killed during 30 orders, and stock for 20 confirms exactly 20', async () => {
  const at = 1 + Math.floor(Math.random() * 30);
  const reached = Promise.withResolvers<void>();
  let handled = 0;
  await using open = await openLab(servers(), {
    onLine(line) {
      if (line.kind !== 'event' || line.process !== 'inventory') return;
      if (line.event === 'message-handled') handled += 1;
      if (handled === at) reached.resolve();
    },
  });
  const ids = await placeMany(open, 30);
  await reached.promise;
  open.signal(open.pidOf('inventory'), 'SIGKILL');
  await open.lab.services.died('inventory');
  const found = { at, ends: await ends(open, ids), broken: await open.broken() };
  expect(found).toEqual({ at, ends: { CONFIRMED: 20, REJECTED: 10 }, broken: [] });
});

test('a deadline that passes while order is dead fires after the restart of order', async () => {
  await using open = await openLab(servers(), {
    saga: { answerWithinMs: 500, attemptsMax: 4 },
    chaos: { rules: 'order:handled-not-acknowledged=crash@1' },
    leftDead: ['order'],
  });
  const payment = open.pidOf('payment');
  open.signal(payment, 'SIGSTOP');
  const orderId = await open.placeOrder(TEA);
  await open.lab.services.died('order');
  await overdue(open);
  await open.lab.services.restart('order');
  const fired = await open.event((line) => {
    return line.event === 'saga-command-retried' && line.orderId === orderId;
  });
  expect(fired).toMatchObject({ send: ['capture-payment'] });
  expect(fired.pid).toBe(open.pidOf('order'));
  open.signal(payment, 'SIGCONT');
  await open.reaches(orderId, 'CONFIRMED');
  expect(await open.broken()).toEqual([]);
  expect(await count(open, 'payments', orderId)).toBe(1);
});

/** Waits until the deadline of the saga has passed while no process can fire it. */
async function overdue({ lab }: OpenLab): Promise<void> {
  const { rows } = await lab.databases.order.pool.query<{ waited: boolean }>(
    `select pg_sleep(greatest(0, extract(epoch from deadline_at - clock_timestamp())))::text,
            true as waited
       from sagas where awaiting = 'capture-payment'`,
  );
  expect(rows).toEqual([expect.objectContaining({ waited: true })]);
}

test('order replies to a waiting client after SIGTERM, and then exits with 0', async () => {
  await using open = await openLab(servers());
  const pid = open.pidOf('order');
  open.signal(open.pidOf('relay-order'), 'SIGSTOP'); // so that the order stays PENDING
  const answer = fetch(`${open.urlOf('order')}/orders`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': 'one-tea',
      prefer: 'wait=30',
    },
    body: JSON.stringify(TEA),
    signal: AbortSignal.timeout(20_000),
  });
  await open.event(({ event }) => event === 'order-placed');
  open.signal(pid, 'SIGTERM');
  const response = await answer;
  expect(response.status).toBe(202);
  expect(orderView.parse(await response.json()).status).toBe('PENDING');
  const exit = await open.event((line) => line.event === 'process-exited' && line.pid === pid);
  expect(exit).toMatchObject({ process: 'order', code: 0, signal: null });
});

test('an unreadable message becomes a dead letter, and later messages are handled', async () => {
  await using open = await openLab(servers());
  const relay = open.pidOf('relay-order');
  open.signal(relay, 'SIGSTOP');
  const carols = { customerId: 'carol', lines: [{ sku: 'mug', quantity: 1 }] };
  const orderId = await open.placeOrder(carols);
  // The same key means the same partition: after reserve-stock of the order, before release-stock.
  await open.lab.databases.order.pool.query(
    `insert into outbox (message_id, topic, key, type, saga_id, step, body)
     select 'poison', topic, key, type, saga_id, 'poison', '{}' from outbox where key = $1`,
    [orderId],
  );
  open.signal(relay, 'SIGCONT');
  await open.reaches(orderId, 'REJECTED');
  const deadLetter = await open.event((line) => line.event === 'dead-lettered');
  expect(deadLetter).toMatchObject({ process: 'inventory', orderId });
  expect(await open.broken()).toMatchObject([
    {
      id: 'INV-9',
      violations: [{ kind: 'dead-letter', about: { orderId, messageId: 'poison' } }],
    },
  ]);
});
