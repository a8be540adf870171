import { randomUUID } from 'node:crypto';
import { DEFAULT_SAGA, DEFAULT_WORLD, type Lab } from '@indoubt/lab';
import { onALab } from './on-a-lab.ts';

// The latency of an idempotency key: of a new order (202), and of the same request repeated. The
// read of an order on the same lab is measured for comparison. The aim is a replay within 5 ms.
//   ./tools/with node test/bench/idempotency-cost.ts [REQUESTS]

const REQUESTS = Number(process.argv[2] ?? 300);
const WARM_UP = 100;

const world = {
  products: DEFAULT_WORLD.products.map((product) => ({ ...product, stock: 1_000_000 })),
  customers: DEFAULT_WORLD.customers.map((each) => ({ ...each, balanceCents: 100_000_000 })),
};
const body = JSON.stringify({ customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] });

await onALab('idempotency-cost', { world, saga: DEFAULT_SAGA }, async (lab) => {
  const url = `${orderUrl(lab)}/orders`;
  const key = randomUUID();
  const first = (await send(url, post(key), 202)) as { id: string };
  const replay = await measure(() => send(url, post(key), 202));
  const read = await measure(() => send(`${url}/${first.id}`, {}, 200));
  const placed = await measure(() => send(url, post(randomUUID()), 202));
  report('one order read', read);
  report('the same request once more', replay);
  report('a new order, accepted', placed);
  console.log(`ratio of the medians: replay ${ratio(replay, read)}, new ${ratio(placed, read)}`);
});

function orderUrl({ endpoints }: Lab): string {
  const url = endpoints.services.find(({ name }) => name === 'order')?.url;
  if (url === undefined) throw new Error('the order service is not running');
  return url;
}

function post(key: string): RequestInit {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key };
  return { method: 'POST', headers, body };
}

async function send(url: string, init: RequestInit, expected: number): Promise<unknown> {
  const response = await fetch(url, init);
  const answer: unknown = await response.json();
  if (response.status !== expected) throw new Error(`${url} answered ${response.status}`);
  return answer;
}

async function measure(work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < WARM_UP + REQUESTS; n += 1) {
    const startedAt = performance.now();
    await work();
    if (n >= WARM_UP) times.push(performance.now() - startedAt);
  }
  return times.toSorted((a, b) => a - b);
}

function at(times: number[], share: number): number {
  return times[Math.floor(times.length * share)] ?? Number.NaN;
}

function ratio(times: number[], base: number[]): string {
  return (at(times, 0.5) / at(base, 0.5)).toFixed(1);
}

function report(what: string, times: number[]): void {
  const [p50, p90, p99] = [0.5, 0.9, 0.99].map((share) => at(times, share).toFixed(1));
  console.log(`${what.padEnd(28)} p50 ${p50} ms, p90 ${p90}, p99 ${p99}, n ${times.length}`);
}
