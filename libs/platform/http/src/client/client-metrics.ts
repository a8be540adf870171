import { Failure } from '@indoubt/failure';
import { trace } from '@opentelemetry/api';
import { addMetrics, type Metric } from '../process/metrics.ts';
import type { Breaker, BreakerState } from './breaker.ts';
import type { Bulkhead } from './bulkhead.ts';
import type { RetryBudget } from './retry-budget.ts';

interface Watched {
  target: string;
  address: string;
  breaker: Pick<Breaker<unknown>, 'state'>;
  bulkhead: Pick<Bulkhead, 'inFlight'>;
  budget: Pick<RetryBudget, 'left'>;
}

/** What a client counts, and what it says of itself when somebody looks. */
export interface ClientMetrics {
  /** Counts one request by how it ended: 'ok', or the code of its failure. */
  counted<T>(request: () => Promise<T>): Promise<T>;
  /** Counts a retry. @param number of this request, from 1 */
  retried(number: number): void;
  close(): void;
}

const STATE_NUMBERS: Record<BreakerState, number> = { closed: 0, 'half-open': 1, open: 2 };

export function createClientMetrics(watched: Watched): ClientMetrics {
  const outcomes = new Map<string, number>();
  let retries = 0;
  const remove = addMetrics(() => metricsOf(watched, outcomes, retries));
  const count = (outcome: string) => outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
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
        trace.getActiveSpan()?.setAttribute('breaker.state', watched.breaker.state());
      }
    },
    retried(number) {
      retries += 1;
      trace.getActiveSpan()?.setAttribute('http.request.resend_count', number);
    },
    close: remove,
  };
}

function metricsOf(
  { target, address, breaker, bulkhead, budget }: Watched,
  outcomes: ReadonlyMap<string, number>,
  retries: number,
): Metric[] {
  const one = { target, address };
  const of = (value: number) => [{ labels: one, value }];
  return [
    {
      name: 'http_client_breaker_state',
      help: 'Breaker of a target: 0 closed, 1 half open, 2 open',
      kind: 'gauge',
      samples: of(STATE_NUMBERS[breaker.state()]),
    },
    {
      name: 'http_client_requests_total',
      help: 'Requests to a target by outcome: ok, or the code of the failure',
      kind: 'counter',
      samples: [...outcomes].map(([outcome, value]) => ({ labels: { ...one, outcome }, value })),
    },
    {
      name: 'http_client_retries_total',
      help: 'Attempts after the first one',
      kind: 'counter',
      samples: of(retries),
    },
    {
      name: 'http_client_retry_budget',
      help: 'Retries that may be made now',
      kind: 'gauge',
      samples: of(budget.left()),
    },
    {
      name: 'http_client_in_flight',
      help: 'Requests under way',
      kind: 'gauge',
      samples: of(bulkhead.inFlight()),
    },
  ];
}
