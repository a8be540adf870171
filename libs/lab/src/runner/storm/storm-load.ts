import { setTimeout as wait } from 'node:timers/promises';
import type { LabClient } from '../client/lab-client.ts';
import type { StormSchedule } from './storm-schedule.ts';
import { type StormRequest, stormRequests } from './storm-world.ts';

export interface StormLoad {
  client: LabClient;
  schedule: StormSchedule;
  signal: AbortSignal;
}

/** While nobody answers, requests must not pile up: a tick that finds so many is left out. */
const IN_FLIGHT_MAX = 40;

/** Some give up before anybody answers them: their orders may exist, and be nobody's. */
const PATIENCE = { withinMs: 4_000, backOff: { baseMs: 250, maxMs: 2_000 } };

const MS_PER_SECOND = 1_000;

/**
 * Places orders at the schedule's rate until its time is over, whether or not the earlier ones are
 * answered, and waits for the answers of all of them: each is bounded by the client.
 * @returns how many ticks were left out, since too many requests waited
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
 * One customer places an order, and may read something at the same time. The record has every
 * answer, and each request without one; without an answer the customer retries for a while.
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
