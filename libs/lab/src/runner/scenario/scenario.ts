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

/** The actions of a scenario in a running lab: those of a client and those of an operator. */
export interface ScenarioLab extends ScenarioClient {
  /** The default coordination of orders in this run. */
  readonly coordination: Coordination;
  /** Waits (bounded) until the process has died. */
  died(process: ProcessName): Promise<void>;
  restart(process: ProcessName): Promise<void>;
  /** Sends SIGKILL and waits for the end of the process. The lab restarts it at once. */
  kill(process: ProcessName): Promise<void>;
  /**
   * SIGSTOP: the process does not run until it is resumed. The lab resumes paused processes before
   * it stops them.
   */
  pause(process: ProcessName): void;
  /** SIGCONT: the process continues where it was paused. */
  resume(process: ProcessName): void;
  /** Pauses the process, resumes it after `forMs` milliseconds, and settles then. */
  hang(process: ProcessName, forMs: number): Promise<void>;
  /** Starts another copy of the process, and waits until the copy is ready. */
  addCopy(process: ProcessName): Promise<void>;
  /**
   * Changes how payment uses the card processor: payment is killed and restarted with these
   * settings. Settles when payment is ready.
   */
  changeCards(cards: CardSettings): Promise<void>;
  /** Arms faults while the lab runs. @throws Failure 'lab-failed' when `live` is not set */
  arm(rules: string): Promise<void>;
  /** Disarms all faults and resumes paused processes. */
  disarm(): Promise<void>;
  /** Resumes what is paused at this crash point. */
  release(name: FailpointName): Promise<void>;
  /** The prepared transactions in the databases that reply, as `scenario indoubt` lists them. */
  inDoubt(): Promise<InDoubtTransaction[]>;
  /**
   * Ends a prepared transaction by hand, regardless of the coordinator's log. @returns the decision
   * and the decision of the log
   * @throws Failure 'not-found' (definite) when no prepared transaction has this gid
   */
  resolve(gid: string, decision: HeuristicDecision): Promise<Resolution>;
  /** Leaves a prepared transaction without a coordinator. It locks the stock row of a sku. */
  leaveOrphan(orphan: Orphan): Promise<void>;
  /**
   * Waits (bounded) until the record has an event with this name and these fields, e.g.
   * `order-ended` of an order.
   */
  happened<N extends EventName>(event: N, where?: Where<N>): Promise<EventLine<N>>;
  /** Polls (bounded) until `poll` returns a value. @throws Failure 'timed-out' */
  eventually<T>(what: string, poll: () => Promise<T | undefined>): Promise<T>;
  /** The number of events so far with this name and these fields. */
  count<N extends EventName>(event: N, where: Where<N>): number;
  /** Adds a check of this scenario to the verdict. */
  expect(title: string, holds: boolean, detail: string): void;
  /** Adds a comparison to the result, measured in the record when the run is over. */
  compare(compared: (measure: (orderId: string) => MeasuredOrder) => Comparison): void;
  /** The next random number of the run's seed, in [0, 1). */
  random(): number;
  /** Waits (bounded) until the lab is idle. @throws Failure 'timed-out' */
  quiet(): Promise<void>;
  /** Waits until the lab is idle. @returns how many copies of this step's command Kafka has */
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
  /** The supported coordinations. The first is the default. */
  coordinations: readonly [Coordination, ...Coordination[]];
  /** The steps that `scenario describe` prints. */
  steps: string[];
  /** The faults, armed from the start, in the grammar of docs/chaos.md; none by default. */
  chaos?: string;
  /** Processes that stay dead until `restart` is called. The lab restarts all others at once. */
  leftDead?: readonly ProcessName[];
  /**
   * The mistake of a `naive-…` scenario, which must break `invariants`. The `repaired-…`
   * scenario is the same scenario without the mistake.
   */
  variant?: VariantName;
  /** Whether `run` arms faults: `points` for crash points and messages, `links` for links too. */
  live?: 'points' | 'links';
  /** The main invariants of this scenario. All invariants are always checked. */
  invariants: InvariantId[];
  /** Invariants broken on purpose: the verdict holds if exactly these are broken. */
  breaks?: InvariantId[];
  /** Numbers of the related ADRs. */
  adrs: number[];
  /** Differences from the default shop. */
  world?: Partial<World>;
  /** Time-outs of sagas, if not the default. Milliseconds. */
  saga?: { answerWithinMs: number; attemptsMax: number };
  /** Settings of global transactions, if not the default. */
  twoPhase?: Partial<TwoPhaseSettings>;
  /** Starts the card processor, as a customer with a card does, and sets how payment uses it. */
  cards?: CardSettings;
  keys?: KeySettings;
  limits?: LimitSettings;
  run(lab: ScenarioLab): Promise<void>;
}

/** A scenario with parsed faults. Its variant is one of its rules. */
export interface LoadedScenario extends Omit<Scenario, 'chaos' | 'variant'> {
  rules: readonly ChaosRule[];
}

/** A story in the learning order (scenarios/learning-order.ts). */
export interface LearningStep {
  name: string;
  /** Time to play the story and to read its lesson. */
  minutes: number;
  /** Stories to read before this one. */
  needs: readonly string[];
}
