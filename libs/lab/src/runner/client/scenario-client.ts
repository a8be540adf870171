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

/** Preferences of a client for its order. The lab's settings apply to the others. */
export interface PlaceOptions extends Partial<Omit<TwoPhaseSettings, 'prepareWithinMs'>> {
  coordination?: Coordination;
  /** The Idempotency-Key of the request; a new key by default. */
  key?: string;
}

/** Options of a request whose answer is returned with any status. */
export interface PostOptions extends Omit<PlaceOptions, 'key'> {
  /** The Idempotency-Key; a new key by default; null sends no key. */
  key?: string | null;
  /** The caller's bearer token, because each caller has its own keys. Default: no token is sent. */
  caller?: string;
  /** Time-out of the request. Milliseconds, default 30,000. */
  withinMs?: number;
}

/** How long a client retries, and its back-off. */
export interface Patience {
  withinMs: number;
  backOff: BackOff;
}

/** The answer to one POST /orders. */
export interface PostAnswer extends Pick<HttpAnswer, 'code' | 'body' | 'headers'> {
  /** Null without a complete answer: the order may have been placed. */
  status: number | null;
  /** Whether this is the stored answer of an earlier request. */
  replayed: boolean;
  key: string | null;
  /** The order that the answer names. */
  orderId: string | undefined;
  latencyMs: number;
}

/** A request to any route of any service. */
export interface RequestOptions {
  method?: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Milliseconds, default 10,000. */
  withinMs?: number;
  /** Whether the lab's secret is sent, which its processes use among each other. */
  secret?: boolean;
}

/** Load of many concurrent clients. Each sends its next order as soon as it has an answer. */
export interface Flood {
  clients: number;
  forMs: number;
  /** The n-th order, from 0. */
  order(n: number): PlaceOrder;
}

/** The result of a flood of requests. */
export interface FloodResult {
  sent: number;
  /** Counts by HTTP status and failure code: `202`, `503 overloaded`; `none` without an answer. */
  byStatus: Record<string, number>;
  /** Latencies of the answers. Milliseconds. */
  latencies: { p50Ms: number; p95Ms: number; p99Ms: number; maxMs: number };
  /** The orders that were accepted. */
  accepted: string[];
}

/** The actions of a scenario as a client of the services. */
export interface ScenarioClient {
  /**
   * POST /orders. @returns the id of the order: accepted, or in doubt
   * @throws Failure 'invalid-request' (definite), 'service-unavailable' (indefinite)
   */
  placeOrder(order: PlaceOrder, options?: PlaceOptions): Promise<string>;
  /** POST /orders once. Neither a missing answer nor an error status makes this throw. */
  post(order: PlaceOrder, options?: PostOptions): Promise<PostAnswer>;
  /**
   * Retries with the same idempotency key until the answer is final. A retry waits at least for the
   * time of Retry-After. @returns the last answer
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
  /** GET /reconciliation: compares the charges of payment and of the card processor. */
  reconciliation(): Promise<unknown>;
  /**
   * The sum of the samples of a metric that have these labels, from GET /metrics.
   * @returns undefined when no sample matches
   */
  metric(
    process: ProcessName,
    name: string,
    labels?: Record<string, string>,
  ): Promise<number | undefined>;
  /** GET /orders/:id, without waiting. @returns undefined when the order does not exist */
  read(orderId: string): Promise<OrderView | 'in-doubt' | undefined>;
  /** GET /stock/:sku. */
  stock(sku: string): Promise<StockView>;
  /** GET /accounts/:id. */
  account(customerId: string): Promise<AccountView>;
  /**
   * Waits (bounded) until the order has this status, also while it is in doubt or not yet visible.
   * @throws Failure 'timed-out'
   */
  reaches(orderId: string, status: OrderStatus): Promise<OrderView>;
}
