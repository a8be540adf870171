import type { Scenario, ScenarioLab } from '@indoubt/lab';

const CLIENTS = 100;
const FOR_MS = 3_000;
/** Database connections of the order service. */
const CONNECTIONS = 20;
/** Fewer than the connections: requests and messages never wait for a connection. */
const IN_FLIGHT_MAX = 8;
const SLOW = 'order->orders-db=delay(50ms)';
/** Enough rows that two orders rarely want the same: the story is about queues, not locks. */
const ROWS = 25;

const number = (n: number) => `${n % ROWS}`;
const orderOf = (n: number) => ({
  customerId: `customer-${number(n)}`,
  lines: [{ sku: `thing-${number(n)}`, quantity: 1 }],
});

const MAY_SAY = ['202', '200', '503 overloaded'];

/** Posts orders until one is refused. @returns the Retry-After header of the refusal */
async function readRefusal(lab: ScenarioLab): Promise<string> {
  return lab.eventually('one is refused', async () => {
    const { code, headers } = await lab.post(orderOf(0));
    return code === 'overloaded' ? (headers['retry-after'] ?? 'none') : undefined;
  });
}

/** Counts the accepted orders by their status. */
async function endsOf(lab: ScenarioLab, accepted: string[]): Promise<Map<string, number>> {
  const ends = new Map<string, number>();
  for (const id of accepted) {
    const order = await lab.read(id);
    const end = order === 'in-doubt' ? order : (order?.status ?? 'lost');
    ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  return ends;
}

export default {
  name: 'overload-shedding',
  group: 'Resilience',
  fault: 'more orders than the database can take',
  teaches: 'refuse at once what would be answered too late',
  coordinations: ['saga', '2pc'],
  steps: [
    'The database of the order service is slow: the lab delays every byte in both directions.',
    'A hundred clients send orders for three seconds, each as soon as its last is answered.',
    'The service accepts eight requests at a time. It refuses the others: 503, Retry-After.',
    'So an accepted request waits for a few other requests only, and not for all.',
    'Every accepted order ends as CONFIRMED or REJECTED.',
  ],
  live: 'links',
  keys: { leaseMs: 15_000 },
  saga: { answerWithinMs: 20_000, attemptsMax: 4 },
  twoPhase: { prepareWithinMs: 10_000 },
  limits: { ratePerSecond: 0, inFlightMax: IN_FLIGHT_MAX },
  world: {
    products: Array.from({ length: ROWS }, (_, n) => ({
      sku: `thing-${number(n)}`,
      name: `Thing ${n}`,
      unitPriceCents: 100,
      stock: 1_000,
    })),
    customers: Array.from({ length: ROWS }, (_, n) => ({
      id: `customer-${number(n)}`,
      name: `Customer ${n}`,
      balanceCents: 1_000_000,
      creditLimitCents: 0,
    })),
  },
  invariants: ['INV-5', 'INV-9', 'INV-10', 'INV-14'],
  adrs: [24, 28],
  async run(lab) {
    await lab.arm(SLOW);
    const startedAt = performance.now();
    const flooding = lab.flood({ clients: CLIENTS, forMs: FOR_MS, order: orderOf });
    const [{ sent, byStatus, latencies, accepted }, retryAfter] = await Promise.all([
      flooding,
      readRefusal(lab),
    ]);
    const tookMs = performance.now() - startedAt;
    await lab.disarm();
    const counts = Object.entries(byStatus).map(([status, count]) => `${count} × ${status}`);
    const isKnown = Object.keys(byStatus).every((status) => MAY_SAY.includes(status));
    lab.expect(
      'each request is accepted, or refused with 503',
      isKnown,
      `${sent} sent: ${counts.join(', ')}`,
    );
    const isPolite = Number(retryAfter) >= 1;
    lab.expect('a refusal has a Retry-After header', isPolite, `Retry-After: ${retryAfter}`);
    // Little's law: a request that waits for all others waits `allMs`. Without the limit and with
    // all connections in use, it would wait `bestMs` at least.
    const allMs = (CLIENTS * tookMs) / Math.max(1, accepted.length);
    const bestMs = Math.round((allMs * IN_FLIGHT_MAX) / CONNECTIONS);
    const { p50Ms, p99Ms } = latencies;
    const waits = `p50 ${p50Ms} ms, p99 ${p99Ms} ms; without a limit ${bestMs} ms at best`;
    lab.expect('no request waits for all others', p99Ms < allMs, waits);
    await lab.quiet();
    const ends = await endsOf(lab, accepted);
    const said = [...ends].map(([end, count]) => `${count} ${end}`).join(', ');
    const areOver = accepted.length > 0 && !ends.has('lost') && !ends.has('PENDING');
    lab.expect('every accepted order has ended', areOver && !ends.has('in-doubt'), said);
  },
} satisfies Scenario;
