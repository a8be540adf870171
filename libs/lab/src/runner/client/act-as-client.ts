import type { OrderStatus } from '@indoubt/contracts';
import { Failure } from '@indoubt/failure';
import type { ProcessName } from '../lab/process-name.ts';
import type { Lab } from '../lab/start-lab.ts';
import { ask } from './ask.ts';
import { flood } from './flood.ts';
import type { LabClient } from './lab-client.ts';
import { metricIn } from './metric-in.ts';
import { postUntilAnswered } from './post-until-answered.ts';
import type { RawRequest, ScenarioClient } from './scenario-client.ts';

/** How long anything in a scenario may take. Generous: a loaded laptop is slow, not wrong. */
const WITHIN_MS = 30_000;
const ASK_S = 5;
const RETRY_MS = 50;
const ANSWERED_WITHIN_MS = 10_000;
const PATIENCE = { withinMs: WITHIN_MS, backOff: { baseMs: 500, maxMs: 4_000 } };

/** @throws Failure 'lab-failed' (definite) when this lab has no such process now */
export function urlOf({ endpoints }: Pick<Lab, 'endpoints'>, wanted: ProcessName): string {
  const url = endpoints.services.find(({ name }) => name === wanted)?.url;
  if (url === undefined) throw new Failure('lab-failed', `${wanted} is not running`);
  return url;
}

/** What a scenario may do as a client. */
export function actAsClient(lab: Lab, client: LabClient, signal: AbortSignal): ScenarioClient {
  const request = requesting(lab, signal);
  return {
    async placeOrder(order, how) {
      return (await client.place(order, how)).id;
    },
    post: (order, how) => client.post(order, how),
    postUntilAnswered: (order, how) => postUntilAnswered(client, order, how, PATIENCE, signal),
    flood: (wanted) => flood(client, wanted, signal),
    request,
    reconciliation: async () =>
      (await request('payment', '/reconciliation', { secret: true })).body,
    async metric(name, metric, labels) {
      return metricIn(String((await request(name, '/metrics')).body), metric, labels);
    },
    read: (orderId) => client.look(orderId),
    stock: (sku) => client.stock(sku),
    account: (customerId) => client.account(customerId),
    reaches: (orderId, status) => reaches(client, orderId, status, signal),
  };
}

function requesting(lab: Lab, signal: AbortSignal): ScenarioClient['request'] {
  return async (name, path, { method = 'GET', withinMs, ...rest }: RawRequest = {}) => {
    const init = {
      method,
      headers: {
        ...(rest.secret === true && { authorization: `Bearer ${lab.endpoints.secret}` }),
        ...(rest.body !== undefined && { 'content-type': 'application/json' }),
        ...rest.headers,
      },
      ...(rest.body !== undefined && { body: JSON.stringify(rest.body) }),
    };
    const url = `${urlOf(lab, name)}${path}`;
    const answer = await ask(url, withinMs ?? ANSWERED_WITHIN_MS, signal, init);
    const { status, code, body, headers } = answer;
    return { status, code, body, headers };
  };
}

async function reaches(
  client: LabClient,
  orderId: string,
  status: OrderStatus,
  signal: AbortSignal,
) {
  const until = performance.now() + WITHIN_MS;
  for (;;) {
    signal.throwIfAborted();
    const order = await readPatiently(client, orderId, until);
    if (order?.status === status) return order;
    const stuck = order === undefined || order.status === 'PENDING';
    if (!stuck || performance.now() > until) {
      const now = order?.status ?? 'unknown: nobody can say, or no such order is to be seen';
      throw new Failure('timed-out', `order ${orderId} should be ${status} and is ${now}`);
    }
  }
}

/**
 * While the order service is dead or the order is in doubt, no answer is what one expects; and one
 * that is not prepared yet is not to be seen. undefined: ask again.
 */
async function readPatiently(client: LabClient, orderId: string, until: number) {
  try {
    return await client.read(orderId, ASK_S);
  } catch (error) {
    const mayCome =
      error instanceof Failure && (error.certainty === 'indefinite' || error.code === 'not-found');
    if (!mayCome || performance.now() > until) throw error;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    return undefined;
  }
}
