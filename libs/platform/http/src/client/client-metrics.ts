import { Failure } from '@indoubt/failure';
import { trace } from '@opentelemetry/api';
import { Counter, Gauge } from '../process/metrics.ts';
import type { Breaker, BreakerState } from './breaker.ts';
import type { Bulkhead } from './bulkhead.ts';
import type { RetryBudget } from './retry-budget.ts';

/** The measured parts of a client, and the labels of its metrics. */
interface Measured {
  target: string;
  address: string;
  breaker: Pick<Breaker<unknown>, 'state'>;
  bulkhead: Pick<Bulkhead, 'inFlight'>;
  budget: Pick<RetryBudget, 'left'>;
}

/** The metrics of one client. */
export interface ClientMetrics {
  /** Counts one request by its outcome: 'ok', or the code of its failure. */
  counted<T>(request: () => Promise<T>): Promise<T>;
  /** Counts a retry. @param number the number of this retry of the request, from 1 */
  retried(number: number): void;
  close(): void;
}

const STATE_NUMBERS: Record<BreakerState, number> = { closed: 0, 'half-open': 1, open: 2 };
const LABELS = ['target', 'address'] as const;

const open = new Set<Measured>();
gauge(
  'http_client_breaker_state',
  'State of the breaker: 0 closed, 1 half open, 2 open',
  (client) => STATE_NUMBERS[client.breaker.state()],
);
const requests = new Counter({
  name: 'http_client_requests_total',
  help: 'Requests by outcome: ok, or the code of the failure',
  labelNames: [...LABELS, 'outcome'],
});
const retries = new Counter({
  name: 'http_client_retries_total',
  help: 'Attempts after the first attempt of a request',
  labelNames: LABELS,
});
gauge('http_client_retry_budget', 'Retries that the retry budget allows now', (client) =>
  client.budget.left(),
);
gauge('http_client_in_flight', 'Requests in flight', (client) => client.bulkhead.inFlight());

/** Registers a gauge that reads its value from each open client when it is scraped. */
function gauge(name: string, help: string, valueOf: (client: Measured) => number) {
  return new Gauge({
    name,
    help,
    labelNames: LABELS,
    collect() {
      this.reset();
      for (const client of open) {
        this.set({ target: client.target, address: client.address }, valueOf(client));
      }
    },
  });
}

export function createClientMetrics(client: Measured): ClientMetrics {
  const labels = { target: client.target, address: client.address };
  open.add(client);
  retries.inc(labels, 0);
  const count = (outcome: string) => requests.inc({ ...labels, outcome });
  return {
    async counted(request) {
      try {
        const answer = await request();
        count('ok');
        return answer;
      } catch (error) {
        count(error instanceof Failure ? error.code : 'bug');
        throw error;
      } finally {
        trace.getActiveSpan()?.setAttribute('breaker.state', client.breaker.state());
      }
    },
    retried(number) {
      retries.inc(labels);
      trace.getActiveSpan()?.setAttribute('http.request.resend_count', number);
    },
    close: () => void open.delete(client),
  };
}
