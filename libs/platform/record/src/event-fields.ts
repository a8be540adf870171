/** The fields of each event of the record, by the name of the event. Money is in integer cents. */
export interface EventFields {
  'service-ready': { port: number };
  'order-placed': {
    orderId: string;
    /** Absent for an order that is placed by two-phase commit. */
    sagaId?: string;
    customerId: string;
    totalCents: number;
    lines: readonly OrderedLine[];
    coordination: 'saga' | '2pc';
  };
  'order-ended': OfOrder & {
    status: 'CONFIRMED' | 'REJECTED';
    /** Why the order is rejected; null for a confirmed order. */
    reason: string | null;
  };
  'saga-advanced': SagaProgress;
  /** No answer came before the deadline: the command is sent again. */
  'saga-command-retried': SagaProgress;
  /** An answer that came late or twice: the saga does not change. */
  'answer-ignored': OfSaga & {
    step: string;
    /** The step whose answer the saga waits for; null when the saga has ended. */
    awaiting: string | null;
    messageId?: string | undefined;
  };
  'message-sent': OfMessage & {
    /** Position in the outbox; absent for a message that did not go through the relay. */
    outboxId?: number;
    /** How long the message was in the outbox until the relay took it. */
    waitedMs: number;
    /** How long the broker took; absent for a message that did not go through the relay. */
    tookMs?: number;
  };
  'message-received': OfMessage & Place;
  /** A participant has committed what it did on a command. */
  'message-handled': OfCommand & {
    /** What the inbox decided. */
    how: 'act' | 'undo' | 'repeat' | 'wait' | 'nothing-to-undo';
    /** `owed`: the answer comes later, in a message of its own. */
    outcome: 'done' | 'refused' | 'owed';
    reason: string | null;
    tookMs: number;
  };
  'message-retried': OfMessage & Place & { attempt: number; delayMs: number; error: string };
  'dead-lettered': Place & { orderId?: string | undefined; reason: string };
  'lease-taken': { holder: string; epoch: number };
  'relay-retried': { error: string; delayMs: number };
  /** `action`: crash, error, delay or pause. */
  'failpoint-hit': Hit;
  /** A fault of a link, a declined payment, or a broken variant. */
  'fault-hit': Hit;
  'message-fault-hit': OfOrder &
    Place & { messageId: string; action: 'drop' | 'duplicate' | 'reorder' };
  'process-started': OfProcess;
  'process-exited': OfProcess & ProcessEnd;
  'process-killed': OfProcess & ProcessEnd;
  'process-paused': OfProcess;
  'process-resumed': OfProcess;
  'client-request': PostedOrder;
  'client-response': ClientAnswer & ((PostedOrder & AnswerToPost) | AnswerToGet);
  'breaker-opened': OfTarget;
  'breaker-half-opened': OfTarget;
  'breaker-closed': OfTarget;
  'transaction-begun': OfOrder & {
    participants: readonly string[];
    presume: 'abort' | 'nothing';
    branches: 'parallel' | 'sequential';
  };
  'vote-received': OfOrder & Voted & { from: string };
  'decision-made': OfOrder & {
    decision: Decision;
    /** Why the decision is an abort; null for a commit. */
    reason: string | null;
    /** Whether the decision is in the log before it is sent to the participants. */
    durable: boolean;
    /** The participants that must get the decision. */
    participants: readonly string[];
  };
  'decision-resent': OfOrder & {
    to: string;
    /** Null when the participant was sent commit-one-phase: its answer is the decision. */
    decision: Decision | null;
    /** Number of the attempt that had no answer, from 1. */
    attempt: number;
  };
  'transaction-ended': OfOrder & { decision: Decision };
  'branch-voted': OfOrder &
    Voted & {
      gid: string;
      tookMs: number;
      /** Whether the vote comes from an earlier prepare of the same branch. */
      repeated: boolean;
    };
  'branch-ended': OfOrder & {
    decision: Decision;
    /** `already`: the branch had ended before. `tombstone`: nothing was prepared. */
    how: 'done' | 'already' | 'tombstone' | 'one-phase';
    /** Time from prepare to end; null when this process did not prepare the branch. */
    heldMs: number | null;
  };
  /** A participant with a prepared branch has requested the outcome from the coordinator. */
  'outcome-requested': OfOrder & {
    gid: string;
    /** Time since the branch was prepared. */
    ageMs: number;
    /** `unknown`: no coordinator answered. */
    decision: Decision | 'undecided' | 'unknown';
    /** The failure code, where no coordinator answered. */
    reason?: string;
  };
  /** A prepared transaction that does not belong to this service. */
  'orphan-found': { gid: string; ageMs: number };
  /** An operator has ended a prepared transaction by hand. */
  'heuristic-decision': {
    /** Absent where the gid does not name an order. */
    orderId?: string | undefined;
    gid: string;
    /** The database with the prepared transaction. */
    owner: string;
    decision: Decision;
  };
  'heuristic-damage': OfOrder & {
    gid: string;
    /** The decision of the coordinator. */
    decision: Decision;
    /** How the operator ended the branch. */
    applied: Decision;
  };
  'epoch-taken': {
    epoch: number;
    /** Number of transactions in the log without an end record. */
    recovered: number;
  };
  'coordinator-superseded': object;
  'key-replayed': { key: string; status: number };
  'key-refused': { key: string; code: string };
  'key-taken-over': { key: string; attempt: string };
  'keys-reaped': { count: number };
  'charge-requested': OfCharge & { amountCents: number };
  'charge-answered': OfCharge & {
    status: 'CAPTURED' | 'DECLINED' | 'VOIDED';
    /** Requests to the card processor so far. */
    attempts: number;
  };
  'charge-unanswered': OfCharge & {
    reason: string;
    mayBeCharged: boolean;
    attempts: number;
    /** Time until the next attempt. */
    delayMs: number;
  };
  'hold-made': OfCharge & { amountCents: number };
  'hold-voided': OfCharge;
  /** `difference` is the kind of finding: see libs/platform/contracts/src/reconciliation.ts. */
  reconciled: OfCharge & { difference: string };
}

type Decision = 'commit' | 'abort';

interface OrderedLine {
  sku: string;
  quantity: number;
}

interface OfOrder {
  orderId: string;
}

interface OfSaga extends OfOrder {
  sagaId: string;
}

interface SagaProgress extends OfSaga {
  /** `start`, or a step and its result: `reserve-stock done`, `refused` or `expired`. */
  because: string;
  /** The answer that advanced the saga. */
  messageId?: string | undefined;
  status: 'running' | 'compensating' | 'completed' | 'compensated';
  /** Steps and undos whose commands are sent. */
  send: readonly string[];
  /** The owner's own steps, done in the same transaction. */
  local: readonly string[];
  /** How often the command that is awaited was sent. */
  attempts: number;
  /** Why the saga compensates. */
  reason: string | null;
}

interface OfCommand extends OfSaga {
  type: string;
  step: string;
  messageId: string;
}

interface OfMessage extends OfCommand {
  topic: string;
}

/** A place on a topic. */
interface Place {
  topic: string;
  partition: number;
  offset: string;
}

/** An armed fault has taken effect. */
interface Hit {
  orderId?: string | undefined;
  /** The rule as it was written. */
  rule: string;
  /** A crash point, a link, a topic, `payment`, or a variant. */
  name: string;
  /** What the rule does; `variant` and `decline` for the rules without an action. */
  action: string;
  /** Counted from 1 since the rule was armed. */
  hit: number;
}

/** Written by the lab. `process` is the process that the event is about. */
interface OfProcess {
  pid: number;
}

interface ProcessEnd {
  signal: string | null;
  code: number | null;
}

interface OfTarget {
  target: string;
}

interface Voted {
  vote: 'yes' | 'no' | 'read-only';
  /** The reason of a no; else null. */
  reason: string | null;
}

interface OfCharge extends OfOrder {
  /** The Idempotency-Key of the request to the card processor. */
  key: string;
}

/** A POST /orders of the lab's client. */
interface PostedOrder {
  method: 'POST';
  path: string;
  customerId: string;
  lines: readonly OrderedLine[];
  traceId: string;
  spanId: string;
  /** The Idempotency-Key; null when the request had no key. */
  key: string | null;
  /** The caller, identified by its bearer token; null when the request had no token. */
  caller: string | null;
  /** A hash of the body. */
  request: string;
}

interface ClientAnswer {
  /** The HTTP status; null when no answer came. */
  status: number | null;
  /** `unknown`: the request may have been carried out. */
  outcome: 'ok' | 'refused' | 'unknown';
  /** Epoch milliseconds. */
  invokedAt: number;
  returnedAt: number;
  /** Why no answer came. */
  error?: string;
  orderId?: string | undefined;
  /** The status of the order in the answer. */
  orderStatus?: string | undefined;
  reason?: string | null | undefined;
}

interface AnswerToPost {
  /** The failure code. */
  code?: string | undefined;
  retryAfterS?: string | undefined;
  /** Whether the answer is marked as a replay. */
  replayed?: boolean;
  /** A hash of the body. */
  bodyHash?: string;
}

/** The answer to a GET of an order, a stock (`sku`) or an account (`customerId`). */
interface AnswerToGet {
  method: 'GET';
  path: string;
  sku?: string;
  available?: number | undefined;
  held?: number | undefined;
  customerId?: string;
  balanceCents?: number | undefined;
}
