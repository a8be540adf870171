import type { Coordination } from '@indoubt/contracts';
import type { FailpointName, VariantName } from '@indoubt/failpoint';
import type { RecordEvent } from '@indoubt/record';
import type { World } from '@indoubt/shop';
import type { InvariantId } from './checkers/invariants.ts';
import type { MeasuredOrder } from './comparison/measure-order.ts';
import type { Orphan } from './in-doubt/leave-orphan.ts';
import type { InDoubtTransaction } from './in-doubt/list-in-doubt.ts';
import type { HeuristicDecision, Resolution } from './in-doubt/resolve-in-doubt.ts';
import type { ProcessName } from './process-name.ts';
import type { Comparison } from './run-result.ts';
import type { ScenarioClient } from './scenario-client.ts';

export type { World };

/** A process dies at a named crash point; the lab starts it again when `restart` says so. */
export interface Fault {
  process: ProcessName;
  failpoint: FailpointName;
  /** Fires at this hit, from 1. */
  hit: number;
  /** `at-once`, or only when the scenario calls `lab.restart(process)`. */
  restart: 'at-once' | 'by-scenario';
}

/** How global transactions are run; what is left out has its default. */
export interface TwoPhaseSettings {
  /** How long the coordinator waits for the votes. Milliseconds, default 2,000. */
  prepareWithinMs: number;
  /** What no record in the coordinator's log means: an abort, or nothing. Default `abort`. */
  presume: 'abort' | 'nothing';
  /** All branches are prepared at once, or one after the other. Default `parallel`. */
  branches: 'parallel' | 'sequential';
  /** The last branch is not prepared: its commit in one phase is the decision. Default false. */
  lastResource: boolean;
}

/** How payment treats the card processor; what is left out has payment's default. */
export interface CardSettings {
  /** While it is away: orders wait for it, or are refused. */
  outage?: 'wait' | 'refuse';
  /** How long one request to it may take. Milliseconds. */
  answerWithinMs?: number;
}

/** How the order service keeps idempotency keys. Milliseconds. */
export interface KeySettings {
  /** How long an attempt has its key to itself; 3,000 unless given. */
  leaseMs?: number;
  /** How long an answer is kept. */
  keepMs?: number;
}

/** How much the order service takes on; what is left out has its default. */
export interface LimitSettings {
  /** Requests that one address may send in a second; 0 for as many as it likes. */
  ratePerSecond?: number;
  /** Requests under way at once. */
  inFlightMax?: number;
}

/** What a scenario says must be true at its end, beside the invariants. */
export interface Expectation {
  title: string;
  holds: boolean;
  detail: string;
}

/** What a scenario may do with a running lab: what any client could, and what an operator could. */
export interface ScenarioLab extends ScenarioClient {
  /** How orders are placed in this run, unless `how` says otherwise. */
  readonly coordination: Coordination;
  /** Waits (bounded) until the process has died of its fault. */
  died(process: ProcessName): Promise<void>;
  restart(process: ProcessName): Promise<void>;
  /** SIGKILL, and waits until it is gone; a supervisor brings it back at once. */
  kill(process: ProcessName): Promise<void>;
  /** SIGSTOP: it hangs, and does not know. What is still paused when the lab stops is resumed. */
  pause(process: ProcessName): void;
  /** SIGCONT: it goes on where it was, as if no time had passed. */
  resume(process: ProcessName): void;
  /** Pauses it now, resumes it after `forMs`, and settles then: a fault that has a length. */
  hang(process: ProcessName, forMs: number): Promise<void>;
  /** Starts another copy of the process beside it, and waits until it is ready. */
  addCopy(process: ProcessName): Promise<void>;
  /**
   * An operator changes how payment treats the card processor: payment is killed, and started
   * again with these settings. Settles when it is ready.
   */
  changeCards(cards: CardSettings): Promise<void>;
  /** Arms faults while the lab runs. @throws Failure 'lab-failed' when the story has no `live` */
  arm(rules: string): Promise<void>;
  /** Disarms everything; what is paused goes on. */
  disarm(): Promise<void>;
  /** Lets go on what is paused at this crash point. */
  release(name: FailpointName): Promise<void>;
  /** What is prepared now in the databases that answer: an operator's `scenario indoubt`. */
  inDoubt(): Promise<InDoubtTransaction[]>;
  /**
   * Ends a prepared transaction by hand, whatever the coordinator's log says. @returns how right
   * that was
   * @throws Failure 'not-found' (definite) when there is none of this gid
   */
  resolve(gid: string, decision: HeuristicDecision): Promise<Resolution>;
  /** Leaves a prepared transaction of nobody's behind, and the row of a sku locked with it. */
  leaveOrphan(orphan: Orphan): Promise<void>;
  /** Waits (bounded) until the record has such an event, e.g. `saga-asked-again` of an order. */
  happened(event: string, where?: Record<string, unknown>): Promise<RecordEvent>;
  /** Looks again and again (bounded) until `look` finds something. @throws Failure 'timed-out' */
  eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T>;
  /** How often that has happened so far. */
  count(event: string, where: Record<string, unknown>): number;
  /** Adds a check of the scenario's own to the verdict. */
  expect(title: string, holds: boolean, detail: string): void;
  /** Makes a table of the result, of what the record holds when the run is over. */
  compare(compared: (measure: (orderId: string) => MeasuredOrder) => Comparison): void;
  /** A number in [0, 1), the next of the run's seed. */
  random(): number;
  /** Waits (bounded) until nothing is under way any more. @throws Failure 'timed-out' */
  quiet(): Promise<void>;
  /** Waits for quiet. How often Kafka holds the command of this step for this order. */
  deliveries(orderId: string, step: string): Promise<number>;
}

/** In the order in which to learn from them. */
export const GROUPS = [
  'Saga',
  'Crashes',
  'Two-phase commit',
  'Idempotency keys',
  'Resilience',
  'Side by side',
  'Mistakes',
] as const;

export interface Scenario {
  name: string;
  group: (typeof GROUPS)[number];
  /** The fault in a few words, and what it teaches: one line in `scenario list`. */
  fault: string;
  teaches: string;
  /** How it can be played; the first is its default. */
  coordinations: readonly [Coordination, ...Coordination[]];
  /** What happens, step by step, in the words of `scenario describe`. */
  steps: string[];
  faults: Fault[];
  /** Faults in the grammar of CHAOS, armed from the start. */
  chaos?: string;
  /**
   * The mistake that a `naive-…` story is about: played with it, it must break `invariants`; the
   * `repaired-…` half is the same story without it.
   */
  variant?: VariantName;
  /** Whether the story arms more while it runs: at crash points and messages, or on links too. */
  live?: 'points' | 'links';
  /** The invariants that this scenario is about; all of them are always checked. */
  invariants: InvariantId[];
  /** Those that the story breaks on purpose: the verdict holds if exactly these are broken. */
  breaks?: InvariantId[];
  /** Numbers of the ADRs behind it. */
  adrs: number[];
  /** Differences from the default shop. */
  world?: Partial<World>;
  /** Saga timing, when the story needs other than the default. Milliseconds. */
  saga?: { answerWithinMs: number; askMax: number };
  /** How its global transactions are run, when the story needs other than the default. */
  twoPhase?: Partial<TwoPhaseSettings>;
  /** Starts the card processor, as a customer with a card does, and says how it is treated. */
  cards?: CardSettings;
  keys?: KeySettings;
  limits?: LimitSettings;
  run(lab: ScenarioLab): Promise<void>;
}
