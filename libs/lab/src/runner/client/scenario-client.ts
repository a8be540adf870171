import type {
  AccountView,
  Coordination,
  OrderStatus,
  OrderView,
  PlaceOrder,
  StockView,
} from '@indoubt/contracts';
import type { BackOff } from '@indoubt/failure';
import type { TwoPhaseSettings } from '../lab/lab-settings.ts';
import type { ProcessName } from '../lab/process-name.ts';
import type { HttpAnswer } from './http-request.ts';

/** What a client may prefer for its order; the lab's own settings where it says nothing. */
export interface PlaceOptions extends Partial<Omit<TwoPhaseSettings, 'prepareWithinMs'>> {
  coordination?: Coordination;
  /** The Idempotency-Key of the request: a new one unless given. */
  key?: string;
}

/** How a client sends a request of which it wants to see the answer, whatever the answer is. */
export interface PostOptions extends Omit<PlaceOptions, 'key'> {
  /** The Idempotency-Key: a new one unless given; null: none is sent. */
  key?: string | null;
  /** The caller's bearer token: each caller has keys of its own. None is sent unless given. */
  caller?: string;
  /** When the client gives the request up. Milliseconds, 30,000 unless given. */
  withinMs?: number;
}

/** How long a client retries, and its pauses. */
export interface Patience {
  withinMs: number;
  backOff: BackOff;
}

/** The answer to one POST /orders. */
export interface PostAnswer extends Pick<HttpAnswer, 'code' | 'body' | 'headers'> {
  /** Null: no whole answer came, and it may have happened. */
  status: number | null;
  /** Whether this is the stored answer of an earlier request. */
  replayed: boolean;
  key: string | null;
  /** Of the order that the answer names. */
  orderId: string | undefined;
  latencyMs: number;
}

/** A request to any route of any service. */
export interface RequestOptions {
  method?: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Milliseconds, 10,000 unless given. */
  withinMs?: number;
  /** With the secret that the lab's own processes show each other. */
  secret?: boolean;
}

/** Many clients at once, each of which sends its next order as soon as it has an answer. */
export interface Flood {
  clients: number;
  forMs: number;
  /** The n-th order, from 0. */
  order(n: number): PlaceOrder;
}

/** What a flood of requests came to. */
export interface FloodResult {
  sent: number;
  /** By HTTP status, with its failure code: `202`, `503 overloaded`; `none`: no answer. */
  byStatus: Record<string, number>;
  /** Of the answers. Milliseconds. */
  latencies: { p50Ms: number; p95Ms: number; p99Ms: number; maxMs: number };
  /** The orders that were accepted. */
  accepted: string[];
}

/** What a scenario may do as any client of the services could. */
export interface ScenarioClient {
  /**
   * POST /orders. @returns the id of the order: accepted, or in doubt
   * @throws Failure 'invalid-request' (definite), 'service-unavailable' (indefinite)
   */
  placeOrder(order: PlaceOrder, options?: PlaceOptions): Promise<string>;
  /** POST /orders once. No answer, and no status of an answer, is an error here. */
  post(order: PlaceOrder, options?: PostOptions): Promise<PostAnswer>;
  /**
   * The client's half of an idempotency key: retries with the same key until an answer says what
   * became of the order, and no sooner than Retry-After says. @returns the last answer
   */
  postUntilAnswered(
    order: PlaceOrder,
    options: PostOptions,
    patience?: Patience,
  ): Promise<PostAnswer>;
  /** Places orders from many clients at once, for some time. */
  flood(load: Flood): Promise<FloodResult>;
  /** Any other request. @throws Failure 'service-unavailable' (indefinite) without an answer */
  request(process: ProcessName, path: string, options?: RequestOptions): Promise<HttpAnswer>;
  /** GET /reconciliation: what payment and the card processor have of each other. */
  reconciliation(): Promise<unknown>;
  /**
   * The sum of the samples of a metric that have these labels, from GET /metrics.
   * @returns undefined when there is none
   */
  metric(
    process: ProcessName,
    name: string,
    labels?: Record<string, string>,
  ): Promise<number | undefined>;
  /** GET /orders/:id, as it is now. @returns undefined when there is no such order */
  read(orderId: string): Promise<OrderView | 'in-doubt' | undefined>;
  /** GET /stock/:sku. */
  stock(sku: string): Promise<StockView>;
  /** GET /accounts/:id. */
  account(customerId: string): Promise<AccountView>;
  /**
   * Waits (bounded) until the order has this status, also while it is in doubt or not to be seen.
   * @throws Failure 'timed-out'
   */
  reaches(orderId: string, status: OrderStatus): Promise<OrderView>;
}
