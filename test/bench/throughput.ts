import { DEFAULT_SAGA, DEFAULT_WORLD, type Lab, labForScenario, settle } from '@indoubt/lab';
import { onALab } from './on-a-lab.ts';

// Orders per second of each protocol with 32 orders at once: for many products, and for a single
// product. Two-phase commit holds a row lock during the global transaction, a saga during a local
// transaction, so contention for a row costs 2pc more. Ratios are to the first line of the run.
//   ./tools/with node test/bench/throughput.ts [ORDERS]

const ORDERS = Number(process.argv[2] ?? 300);
const AT_ONCE = 32;
const WARM_UP = 100;
const SKUS = 200;
const SETTLES_WITHIN_MS = 60_000;

const COORDINATIONS = {
  saga: { coordination: 'saga' },
  '2pc, branches in parallel': { coordination: '2pc', branches: 'parallel' },
  '2pc, branch after branch': { coordination: '2pc', branches: 'sequential' },
} as const;
type Coordination = (typeof COORDINATIONS)[keyof typeof COORDINATIONS];

const world = {
  products: Array.from({ length: SKUS }, (_, sku) => ({
    sku: `sku-${sku}`,
    name: `Product ${sku}`,
    unitPriceCents: 100,
    stock: 1_000_000,
  })),
  customers: Array.from({ length: SKUS }, (_, customer) => ({
    ...DEFAULT_WORLD.customers[0],
    id: `customer-${customer}`,
    name: `Customer ${customer}`,
    balanceCents: 100_000_000,
    creditLimitCents: 0,
  })),
};

const twoPhase = { prepareWithinMs: 20_000 };
await onALab('throughput', { world, saga: DEFAULT_SAGA, twoPhase }, compare);

async function compare(lab: Lab, signal: AbortSignal): Promise<void> {
  let first: number | undefined;
  for (const [spread, skus] of [
    ['many products', SKUS],
    ['one product', 1],
  ] as const) {
    for (const [name, how] of Object.entries(COORDINATIONS)) {
      await measure(lab, signal, { skus, how, orders: WARM_UP });
      const perSecond = await measure(lab, signal, { skus, how, orders: ORDERS });
      first ??= perSecond;
      const ratio = (perSecond / first).toFixed(2);
      console.log(`${spread}, ${name}`.padEnd(42), `${perSecond.toFixed(0)} orders/s`, ratio);
    }
  }
}

/** Confirmed orders per second. @throws Error if an order is not confirmed */
async function measure(
  lab: Lab,
  signal: AbortSignal,
  { skus, how, orders }: { skus: number; how: Coordination; orders: number },
): Promise<number> {
  const { client } = labForScenario(lab, 1, signal);
  let next = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (next < orders) {
        const order = next++;
        const lines = [{ sku: `sku-${order % skus}`, quantity: 1 }];
        const customerId = `customer-${order % SKUS}`;
        const id = await client.placeOrder({ customerId, lines }, how);
        const { status } = await client.readFinal(id, 30);
        if (status !== 'CONFIRMED') throw new Error(`order ${id} is ${status}`);
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  await settle(lab, SETTLES_WITHIN_MS, signal);
  return orders / seconds;
}
