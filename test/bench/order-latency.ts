import { orderView } from '@indoubt/contracts';
import { autocommit, withTransaction } from '@indoubt/database';
import { DEFAULT_SAGA, DEFAULT_WORLD, type Lab, labForScenario } from '@indoubt/lab';
import { onALab } from './on-a-lab.ts';

// The latency of an order by saga, from POST to its final state, on a lab without other load. It is
// compared with the minimum cost of an order: its four local transactions, one after the other, in
// this process, with nothing in between. The load of the machine changes absolute figures. The
// ratio of two figures of one run changes less.
//   ./tools/with node test/bench/order-latency.ts [ORDERS]

const ORDERS = Number(process.argv[2] ?? 200);
const WARM_UP = 50;

// Enough stock and money, so that every order is confirmed.
const world = {
  products: DEFAULT_WORLD.products.map((product) => ({ ...product, stock: 1_000_000 })),
  customers: DEFAULT_WORLD.customers.map((each) => ({ ...each, balanceCents: 100_000_000 })),
};

await onALab('order-latency', { world, saga: DEFAULT_SAGA }, async (lab, signal) => {
  const baseline = await measure(() => localTransactions(lab));
  const { client } = labForScenario(lab, 1, signal);
  const order = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] };
  const saga = await measure(async () => {
    const id = await client.placeOrder(order, { coordination: 'saga' });
    confirmed(await client.readFinal(id, 10));
  });
  const together = await measure(async () => {
    const { body } = await client.post(order, { coordination: '2pc' });
    confirmed(orderView.parse(body));
  });
  report('four local transactions', baseline);
  report('one order by saga', saga);
  report('one order by 2pc', together);
  const ratio = (times: number[]) => (median(times) / median(baseline)).toFixed(1);
  console.log(`ratio of the medians to the first: saga ${ratio(saga)}, 2pc ${ratio(together)}`);
});

function confirmed({ id, status }: { id: string; status: string }): void {
  if (status !== 'CONFIRMED') throw new Error(`order ${id} is ${status}`);
}

async function measure(work: () => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  for (let order = 0; order < WARM_UP + ORDERS; order += 1) {
    const startedAt = performance.now();
    await work();
    if (order >= WARM_UP) times.push(performance.now() - startedAt);
  }
  return times.toSorted((a, b) => a - b);
}

/** Place, reserve, capture and confirm. Each has two writes, the minimum in the services. */
async function localTransactions({ databases }: Lab): Promise<void> {
  const { order, inventory, payment } = databases;
  for (const { pool } of [order, inventory, payment, order]) {
    await autocommit(pool).query('create table if not exists bench (id bigserial, at timestamptz)');
    await withTransaction(pool, async (tx) => {
      await tx.query('insert into bench (at) values (clock_timestamp())');
      tx.write('insert into bench (at) values (clock_timestamp())');
    });
  }
}

function median(times: number[]): number {
  return times[Math.floor(times.length / 2)] ?? Number.NaN;
}

function report(what: string, times: number[]): void {
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? Number.NaN).toFixed(1);
  console.log(
    `${what.padEnd(28)} p50 ${at(0.5)} ms, p10 ${at(0.1)}, p90 ${at(0.9)}, n ${times.length}`,
  );
}
