import type { OrderStatus, OrderView, PlaceOrder } from '@indoubt/contracts';
import type { FailpointName } from '@indoubt/failpoint';
import type { RecordEvent } from '@indoubt/record';
import type { InvariantId } from './checkers/invariants.ts';
import type { ProcessName } from './process-name.ts';

/** What is in the shop when a lab starts. Money in integer cents. */
export interface World {
  products: { sku: string; name: string; unitPriceCents: number; stock: number }[];
  customers: { id: string; name: string; balanceCents: number; creditLimitCents: number }[];
}

/** A process dies at a named crash point; the lab starts it again when `restart` says so. */
export interface Fault {
  process: ProcessName;
  failpoint: FailpointName;
  /** Fires at this hit, from 1. */
  hit: number;
  /** `at-once`, or only when the scenario calls `lab.restart(process)`. */
  restart: 'at-once' | 'by-scenario';
}

/** What a scenario says must be true at its end, beside the invariants. */
export interface Expectation {
  title: string;
  holds: boolean;
  detail: string;
}

/** What a scenario may do with a running lab: what any client could, and what an operator could. */
export interface ScenarioLab {
  /** POST /orders. @returns the accepted order's id */
  placeOrder(order: PlaceOrder): Promise<string>;
  /** Waits (bounded) until the order has this status. @throws Failure 'timed-out' */
  reaches(orderId: string, status: OrderStatus): Promise<OrderView>;
  /** Waits (bounded) until the process has died of its fault. */
  died(process: ProcessName): Promise<void>;
  restart(process: ProcessName): Promise<void>;
  /** Waits (bounded) until the record has such an event, e.g. `saga-asked-again` of an order. */
  happened(event: string, where?: Record<string, unknown>): Promise<RecordEvent>;
  /** How often that has happened so far. */
  count(event: string, where: Record<string, unknown>): number;
  /** Adds a check of the scenario's own to the verdict. */
  expect(title: string, holds: boolean, detail: string): void;
  /** A number in [0, 1), the next of the run's seed. */
  random(): number;
  /** Waits for quiet. How often Kafka holds the command of this step for this order. */
  deliveries(orderId: string, step: string): Promise<number>;
}

export interface Scenario {
  name: string;
  group: string;
  /** The fault in a few words, and what it teaches: one line in `scenario list`. */
  fault: string;
  teaches: string;
  /** What happens, step by step, in the words of `scenario describe`. */
  steps: string[];
  faults: Fault[];
  /** The invariants that this scenario is about; all of them are always checked. */
  invariants: InvariantId[];
  /** Numbers of the ADRs behind it. */
  adrs: number[];
  /** Differences from the default shop. */
  world?: Partial<World>;
  /** Saga timing, when the story needs other than the default. Milliseconds. */
  saga?: { answerWithinMs: number; askMax: number };
  run(lab: ScenarioLab): Promise<void>;
}
