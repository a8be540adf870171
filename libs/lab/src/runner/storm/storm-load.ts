import { setTimeout as wait } from 'node:timers/promises';
import type { LabClient } from '../client/lab-client.ts';
import type { StormSchedule } from './storm-schedule.ts';
import { type StormRequest, stormRequests } from './storm-world.ts';

export interface StormLoad {
  client: LabClient;
  schedule: StormSchedule;
  signal: AbortSignal;
}

/** During an outage requests must not pile up: with so many in flight no order is placed. */
const IN_FLIGHT_MAX = 40;

/** Some clients give up before they get an answer, although their order may exist. */
const PATIENCE = { withinMs: 4_000, backOff: { baseMs: 250, maxMs: 2_000 } };

const MS_PER_SECOND = 1_000;

/**
 * Places orders at the schedule's rate without waiting for earlier answers, and then waits for all
 * answers. The client has a time-out for each.
 * @returns how many orders were left out, because too many requests were in flight
 */
export async function placeLoad({ client, schedule, signal }: StormLoad): Promise<number> {
  const { seed, rate, durationMs, coordination } = schedule;
  const next = stormRequests(seed, coordination);
  const inFlight = new Set<Promise<void>>();
  const total = Math.floor((durationMs / MS_PER_SECOND) * rate);
  const beganAt = performance.now();
  let leftOut = 0;
  for (let n = 0; n < total; n += 1) {
    const dueMs = beganAt + (n * MS_PER_SECOND) / rate - performance.now();
    if (dueMs > 0) await wait(dueMs, undefined, { signal });
    signal.throwIfAborted();
    const request = next();
    if (inFlight.size >= IN_FLIGHT_MAX) {
      leftOut += 1;
      continue;
    }
    const visited = visit(client, request).finally(() => inFlight.delete(visited));
    inFlight.add(visited);
  }
  await Promise.all(inFlight);
  signal.throwIfAborted();
  return leftOut;
}

/**
 * One customer places an order, and may read something at the same time. Without an answer the
 * customer retries for a while. The record has every request and every answer.
 */
async function visit(
  client: LabClient,
  { order, coordination, read }: StormRequest,
): Promise<void> {
  const [sku = ''] = order.lines.map((line) => line.sku);
  const reads = {
    stock: () => client.stock(sku),
    account: () => client.account(order.customerId),
    order: () => readLastOrder(client),
  };
  const requests: Promise<unknown>[] = [
    client.postUntilAnswered(order, { coordination }, PATIENCE),
  ];
  if (read !== null) requests.push(reads[read]());
  await Promise.allSettled(requests);
}

async function readLastOrder(client: LabClient): Promise<void> {
  const last = client.acknowledged().at(-1);
  if (last !== undefined) await client.read(last.orderId);
}
