import { setImmediate } from 'node:timers/promises';
import { failpoint } from '@indoubt/chaos';
import { Failure } from '@indoubt/failure';
import { withoutDeadline } from '@indoubt/http/deadline';
import { type RecordEvent, record, startSpan, traceparent } from '@indoubt/record';
import { type Context, context, type Span } from '@opentelemetry/api';
import {
  type Command,
  coordinate,
  type Input,
  isEnded,
  type Next,
  type Transaction,
  type Vote,
} from '../protocol/coordinate.ts';
import type { Outcome, Work } from '../protocol/messages.ts';
import type { DecisionLog } from './decision-log.ts';
import { logDurably, pauseAfter } from './log-durably.ts';

/** The answer of a participant to a message of the protocol. */
export type Reply =
  | { kind: 'vote'; vote: Vote; reason: string | null; detail: string }
  | { kind: 'acknowledged'; damage: boolean };

/** The parts that the process supplies to the protocol. */
export interface ProtocolParts {
  log: DecisionLog;
  /**
   * Sends one message and waits for the answer, within the time-out of the phase.
   * @throws Failure without an answer: if indefinite, the message may have been received
   */
  send(to: string, command: Command, id: string, work: Work | undefined): Promise<Reply>;
  /** Called when another coordinator has taken over: this coordinator must not decide any more. */
  superseded(): void;
}

export interface RunningTransaction {
  traceparent: string | null;
  state(): Transaction;
  feed(input: Input): void;
  /** Resolves once the decision is logged, if it must be logged. */
  decided: Promise<Outcome>;
}

export interface Start {
  id: string;
  work: ReadonlyMap<string, Work>;
  first: Next;
  /** The name of its first phase. */
  phase: string;
  /** Called when all participants have acknowledged the decision, or the coordinator must stop. */
  onEnd(): void;
}

/** The state of a transaction in progress. */
interface Run extends Omit<Start, 'phase'> {
  parts: ProtocolParts;
  parent: Context;
  state: Transaction;
  phase: Phase;
  decided: PromiseWithResolvers<Outcome>;
  /** Why the transaction is aborted, as a sentence. */
  detail: string;
  isGivenUp: boolean;
  /** Inputs are handled one at a time: each waits for the log record of the input before it. */
  turn: Promise<void>;
}

interface Phase {
  span: Span;
  context: Context;
}

/**
 * Runs one transaction: passes one input at a time to `coordinate` and carries out the result. Each
 * log record is durable before the messages that depend on it are sent.
 */
export function runTransaction(parts: ProtocolParts, start: Start): RunningTransaction {
  const parent = context.active();
  const decided = Promise.withResolvers<Outcome>();
  decided.promise.catch(() => undefined); // after a restart no client waits
  const run: Run = {
    ...start,
    parts,
    parent,
    decided,
    state: { ...start.first.state, decision: null, unacknowledged: [] },
    phase: openPhase(start.phase, start.id, parent),
    detail: '',
    isGivenUp: false,
    turn: Promise.resolve(),
  };
  inTurn(run, async () => {
    // A resumed transaction has no work, since it was begun by an earlier coordinator.
    if (start.work.size > 0) await failpoint('begun-not-sent', start.id);
    await take(run, start.first);
  });
  return {
    traceparent: traceparent(parent),
    state: () => run.state,
    feed: (input) => feed(run, input),
    decided: decided.promise,
  };
}

function feed(run: Run, input: Input): void {
  inTurn(run, () => take(run, coordinate(run.state, input)));
}

/** Any error other than 'superseded' is a bug. */
function inTurn(run: Run, work: () => Promise<void>): void {
  run.turn = run.turn.then(work).catch((error: unknown) => {
    run.isGivenUp = true;
    run.decided.reject(error);
    run.phase.span.end();
    run.onEnd();
    if (!(error instanceof Failure) || error.code !== 'superseded') throw error;
    run.parts.superseded();
  });
}

async function take(run: Run, next: Next): Promise<void> {
  if (run.isGivenUp) return; // another coordinator decides now
  const { state, phase } = run;
  const decides = state.decision === null && next.state.decision !== null;
  const ends = isEnded(next.state);
  if (decides && next.log?.kind === 'decided') await failpoint('voted-not-decided', run.id);
  if (ends && next.log !== null) await failpoint('acknowledged-not-ended', run.id);
  const { log } = next;
  if (log !== null) {
    const entry = { id: run.id, entry: log, trace: traceparent(run.parent) };
    await context.with(phase.context, () => logDurably(run.parts.log, entry));
  }
  run.state = next.state;
  if (decides) {
    await announce(run);
    // Lets the answer to the client go first, so that the client can end its own branch meanwhile.
    await setImmediate();
  }
  for (const { to, command } of next.send) void deliver(run, to, command);
  if (!isEnded(run.state)) return;
  const { decision } = run.state;
  recordIn(run, { event: 'transaction-ended', orderId: run.id, decision });
  run.phase.span.end();
  run.onEnd();
}

async function announce(run: Run): Promise<void> {
  const { decision, reason, unacknowledged: participants, inLog } = run.state;
  if (decision === null) return;
  const durable = inLog && participants.length > 0;
  const made = { decision, reason, durable, participants };
  recordIn(run, { event: 'decision-made', orderId: run.id, ...made });
  run.phase.span.end();
  if (durable) await failpoint('decided-not-sent', run.id);
  run.decided.resolve({ decision, reason, detail: decision === 'abort' ? run.detail : '' });
  if (participants.length > 0) run.phase = openPhase(`phase 2: ${decision}`, run.id, run.parent);
}

async function deliver(run: Run, to: string, command: Command): Promise<void> {
  for (let attempt = 1; !run.isGivenUp; attempt += 1) {
    const reply = await sendOnce(run, to, command).catch(failureOf);
    if (!(reply instanceof Failure)) return received(run, to, reply);
    const reason = reply.code;
    run.detail ||= `${to}: ${reply.message}`;
    if (isUndone(command, reply)) return feed(run, { kind: 'vote', from: to, vote: 'no', reason });
    if (command === 'prepare') return feed(run, { kind: 'lost', from: to, reason });
    // Retried until the participant answers: it may be dead now and restart later.
    await pauseAfter(attempt);
    const { decision } = run.state;
    recordIn(run, { event: 'decision-resent', orderId: run.id, to, decision, attempt });
  }
}

/** Whether the failure proves that the participant has nothing prepared, so it needs no abort. */
function isUndone(command: Command, { code, certainty }: Failure): boolean {
  // A failed commit-one-phase says nothing about earlier attempts, unless the request is invalid.
  return command === 'prepare'
    ? certainty === 'definite'
    : command === 'commit-one-phase' && code === 'invalid-request';
}

async function sendOnce(
  { parts, phase, id, work, state }: Run,
  to: string,
  command: Command,
): Promise<Reply> {
  const isDecision = command === 'commit' || command === 'abort';
  if (isDecision) await failpoint('due-not-sent', id);
  const send = () => context.with(phase.context, () => parts.send(to, command, id, work.get(to)));
  // A vote is useful only before the deadline of the client. Other messages ignore the deadline.
  const reply = await (command === 'prepare' ? send() : withoutDeadline(send));
  if (isDecision) await failpoint('acknowledged-not-stored', id);
  // Damage is logged before the acknowledgement counts: if the log fails, the decision is resent.
  if (reply.kind === 'acknowledged' && reply.damage && state.decision !== null) {
    await parts.log.damaged(id, state.decision, to);
  }
  return reply;
}

function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}

function received(run: Run, from: string, reply: Reply): void {
  if (reply.kind === 'acknowledged') return feed(run, { kind: 'acknowledged', from });
  const { vote, reason } = reply;
  recordIn(run, { event: 'vote-received', orderId: run.id, from, vote, reason });
  if (vote === 'no') run.detail ||= reply.detail;
  feed(run, { kind: 'vote', from, vote, reason });
}

/** Records an event in the span of the current phase. */
function recordIn({ phase }: Run, event: RecordEvent): void {
  context.with(phase.context, () => record(event));
}

function openPhase(name: string, id: string, parent: Context): Phase {
  return startSpan(name, { parent, attributes: { 'order.id': id } });
}
