import { setTimeout as wait } from 'node:timers/promises';
import type { LabClient } from '../client/lab-client.ts';
import { postUntilAnswered } from '../client/post-until-answered.ts';
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
    const asked = visit({ client, signal }, request).finally(() => inFlight.delete(asked));
    inFlight.add(asked);
  }
  await Promise.all(inFlight);
  signal.throwIfAborted();
  return leftOut;
}

/**
 * One customer: what they are told, or that they are told nothing, is in the record. Told nothing,
 * they ask again for a while, with the same key.
 */
async function visit(
  { client, signal }: Pick<StormLoad, 'client' | 'signal'>,
  { order, coordination, read }: StormRequest,
) {
  const [sku = ''] = order.lines.map((line) => line.sku);
  const looks = {
    stock: () => client.stock(sku),
    account: () => client.account(order.customerId),
    order: () => lookAtLast(client),
  };
  const placed = postUntilAnswered(client, order, { coordination }, PATIENCE, signal);
  const asked: Promise<unknown>[] = [placed];
  if (read !== null) asked.push(looks[read]());
  await Promise.allSettled(asked);
}

async function lookAtLast(client: LabClient): Promise<void> {
  const last = client.acknowledged().at(-1);
  if (last !== undefined) await client.look(last.orderId);
}
