import type { OrderStatus } from '@indoubt/contracts';
import { Failure } from '@indoubt/failure';
import type { RecordEvent, RecordLine } from '@indoubt/record';
import { type LabClient, labClient } from './lab-client.ts';
import type { Expectation, ScenarioLab } from './scenario.ts';
import { seededRandom } from './seeded-random.ts';
import { settle } from './settle.ts';
import type { Lab } from './start-lab.ts';

/** How long anything in a scenario may take. Generous: a loaded laptop is slow, not wrong. */
const WITHIN_MS = 30_000;
const ASK_S = 5;

export interface ScenarioRun {
  lab: ScenarioLab;
  client: LabClient;
  expectations: Expectation[];
}

/** What a scenario may do with a lab: as a client, and as an operator. */
export function labForScenario(lab: Lab, seed: number, signal: AbortSignal): ScenarioRun {
  const orderUrl = lab.endpoints.services.find(({ name }) => name === 'order')?.url;
  if (orderUrl === undefined) throw new Error('the order service is not running');
  const client = labClient(orderUrl, lab.writer, signal);
  const expectations: Expectation[] = [];
  return {
    client,
    expectations,
    lab: {
      random: seededRandom(seed),
      async placeOrder(order) {
        return (await client.place(order)).id;
      },
      reaches: (orderId, status) => reaches(client, orderId, status, signal),
      died: (name) => lab.services.died(name),
      restart: (name) => lab.services.restart(name),
      async happened(event, where = {}) {
        const fits = (line: RecordLine) => isEvent(line, event, where);
        try {
          return (await lab.record.next(fits, WITHIN_MS, signal)) as RecordEvent;
        } catch (error) {
          signal.throwIfAborted();
          const what = `${event} ${JSON.stringify(where)}`;
          throw new Failure('timed-out', `did not happen in time: ${what}`, { cause: error });
        }
      },
      expect: (title, holds, detail) => void expectations.push({ title, holds, detail }),
      count: (event, where) =>
        lab.record.lines().filter((line) => isEvent(line, event, where)).length,
      async deliveries(orderId, step) {
        // Until the witness of the topics has read what the services have.
        await settle(lab.databases, lab.topics, WITHIN_MS, signal);
        return lab.topics
          .messages()
          .filter((message) => message.key === orderId && message.messageId.endsWith(`:${step}`))
          .length;
      },
    },
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
      const now = order?.status ?? 'unknown: the order service does not answer';
      throw new Failure('timed-out', `order ${orderId} should be ${status} and is ${now}`);
    }
  }
}

/** While the order service is dead, no answer is what one expects: undefined, ask again. */
async function readPatiently(client: LabClient, orderId: string, until: number) {
  try {
    return await client.read(orderId, ASK_S);
  } catch (error) {
    const away = error instanceof Failure && error.certainty === 'indefinite';
    if (!away || performance.now() > until) throw error;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    return undefined;
  }
}

const RETRY_MS = 50;

function isEvent(line: RecordLine, event: string, where: Record<string, unknown>): boolean {
  if (line.kind !== 'event' || line.event !== event) return false;
  return Object.entries(where).every(([field, value]) => line[field] === value);
}
