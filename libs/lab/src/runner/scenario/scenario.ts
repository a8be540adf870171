import type { ChaosRule, FailpointName, VariantName } from '@indoubt/chaos';
import type { Coordination } from '@indoubt/contracts';
import type { EventLine, EventName } from '@indoubt/record';
import type { World } from '@indoubt/shop';
import type { InvariantId } from '../../checkers/invariant-id.ts';
import type { InDoubtTransaction } from '../../evidence/in-doubt/list-in-doubt.ts';
import type { HeuristicDecision, Resolution } from '../../evidence/in-doubt/resolution.ts';
import type { Comparison } from '../../evidence/run-result.ts';
import type { MeasuredOrder } from '../../views/comparison/measure-order.ts';
import type { ScenarioClient } from '../client/scenario-client.ts';
import type { Orphan } from '../in-doubt/leave-orphan.ts';
import type {
  CardSettings,
  KeySettings,
  LimitSettings,
  TwoPhaseSettings,
} from '../lab/lab-settings.ts';
import type { ProcessName } from '../lab/process-name.ts';

export type { World };

/** Fields that an event of the record must have, with these values. */
export type Where<N extends EventName> = Partial<EventLine<N>>;

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
  /** Waits (bounded) until the record has such an event, e.g. `order-ended` of an order. */
  happened<N extends EventName>(event: N, where?: Where<N>): Promise<EventLine<N>>;
  /** Looks again and again (bounded) until `look` finds something. @throws Failure 'timed-out' */
  eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T>;
  /** How often that has happened so far. */
  count<N extends EventName>(event: N, where: Where<N>): number;
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

type Group =
  | 'Saga'
  | 'Crashes'
  | 'Idempotency keys'
  | 'Two-phase commit'
  | 'Side by side'
  | 'Resilience'
  | 'Mistakes';

export interface Scenario {
  name: string;
  group: Group;
  /** The fault in a few words, and what it teaches: one line in `scenario list`. */
  fault: string;
  teaches: string;
  /** How it can be played; the first is its default. */
  coordinations: readonly [Coordination, ...Coordination[]];
  /** What happens, step by step, in the words of `scenario describe`. */
  steps: string[];
  /** Its faults, armed from the start, in the grammar of docs/chaos.md; none unless given. */
  chaos?: string;
  /** Those that stay dead until the story restarts them; the lab restarts all others at once. */
  leftDead?: readonly ProcessName[];
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
  saga?: { answerWithinMs: number; attemptsMax: number };
  /** How its global transactions are run, when the story needs other than the default. */
  twoPhase?: Partial<TwoPhaseSettings>;
  /** Starts the card processor, as a customer with a card does, and says how it is treated. */
  cards?: CardSettings;
  keys?: KeySettings;
  limits?: LimitSettings;
  run(lab: ScenarioLab): Promise<void>;
}

/** A scenario as it is played: its faults are read, its variant is one of them. */
export interface LoadedScenario extends Omit<Scenario, 'chaos' | 'variant'> {
  rules: readonly ChaosRule[];
}

/** One story in the order in which to learn (scenarios/learning-order.ts). */
export interface LearningStep {
  name: string;
  /** To play the story and to read its lesson. */
  minutes: number;
  /** Stories to read before this one. */
  needs: readonly string[];
}
