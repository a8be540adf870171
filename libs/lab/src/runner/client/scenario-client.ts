import type {
  AccountView,
  Coordination,
  OrderStatus,
  OrderView,
  PlaceOrder,
  StockView,
} from '@indoubt/contracts';
import type { TwoPhaseSettings } from '../lab/lab-settings.ts';
import type { ProcessName } from '../lab/process-name.ts';

/** What a client may prefer for its order; the lab's own way where it says nothing. */
export interface HowToPlace extends Partial<Omit<TwoPhaseSettings, 'prepareWithinMs'>> {
  coordination?: Coordination;
  /** The Idempotency-Key of the request: a new one unless given. */
  key?: string;
}

/** How a client sends a request of which it wants to see the answer, whatever it is. */
export interface HowToPost extends Omit<HowToPlace, 'key'> {
  /** The Idempotency-Key: a new one unless given; null: none is sent. */
  key?: string | null;
  /** Who asks, by a bearer token: keys are each caller's own. Nobody in particular unless given. */
  caller?: string;
  /** When it gives up. Milliseconds, 30,000 unless given. */
  withinMs?: number;
}

/** Any answer of a service, or that there was none. */
export interface RawAnswer {
  status: number;
  /** The failure code, when the body is a problem document. */
  code: string | undefined;
  /** JSON, or a string. */
  body: unknown;
  /** By their names in lower case. */
  headers: Record<string, string>;
}

/** The answer to one POST /orders. */
export interface PostAnswer extends Omit<RawAnswer, 'status'> {
  /** Null: no whole answer came, and it may have happened. */
  status: number | null;
  /** Whether it is an earlier request's answer, given again. */
  replayed: boolean;
  key: string | null;
  /** Of the order that the answer names. */
  orderId: string | undefined;
  latencyMs: number;
}

/** A request to any route of any service. */
export interface RawRequest {
  method?: string;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  /** Milliseconds, 10,000 unless given. */
  withinMs?: number;
  /** With what the lab's own processes show each other. */
  secret?: boolean;
}

/** Many clients at once, each of which asks again as soon as it is answered. */
export interface Flood {
  clients: number;
  forMs: number;
  /** The n-th order, from 0. */
  order(n: number): PlaceOrder;
  how?: HowToPlace;
}

/** What a flood of requests came to. */
export interface Flooded {
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
  /** POST /orders. @returns the id of the order: accepted, or in doubt */
  placeOrder(order: PlaceOrder, how?: HowToPlace): Promise<string>;
  /** POST /orders once, whatever is answered: it throws nothing of that. */
  post(order: PlaceOrder, how?: HowToPost): Promise<PostAnswer>;
  /**
   * The client's half of an idempotency key: asks again with the same key until it is told what
   * became of its order, and no sooner than Retry-After says. Bounded. @returns the last answer
   */
  postUntilAnswered(order: PlaceOrder, how: HowToPost): Promise<PostAnswer>;
  /** Places orders from many clients at once, for some time. */
  flood(flood: Flood): Promise<Flooded>;
  /** Any other request. @throws Failure 'service-unavailable' (indefinite) without an answer */
  request(process: ProcessName, path: string, request?: RawRequest): Promise<RawAnswer>;
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
