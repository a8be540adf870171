import { setImmediate } from 'node:timers/promises';
import { failpoint } from '@indoubt/chaos';
import { Failure } from '@indoubt/failure';
import { withoutDeadline } from '@indoubt/http/deadline';
import { type RecordEvent, record, startSpan, traceparent } from '@indoubt/record';
import { type Context, context, type Span } from '@opentelemetry/api';
import {
  type Ask,
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

/** What a participant answered to a message of the protocol. */
export type Reply =
  | { kind: 'vote'; vote: Vote; reason: string | null; detail: string }
  | { kind: 'acknowledged'; damage: boolean };

/** What the protocol needs of the process that it runs in. */
export interface ProtocolParts {
  log: DecisionLog;
  /**
   * Sends one message and waits for its answer, within the bound of its phase.
   * @throws Failure when no answer came: the message may have been received
   */
  send(to: string, ask: Ask, id: string, work: Work | undefined): Promise<Reply>;
  /** Told that another coordinator has taken over: this one must decide nothing any more. */
  superseded(): void;
}

export interface RunningTransaction {
  traceparent: string | null;
  state(): Transaction;
  feed(input: Input): void;
  /** Settles once the decision is as durable as it must be. */
  decided: Promise<Outcome>;
}

export interface Start {
  id: string;
  work: ReadonlyMap<string, Work>;
  first: Next;
  /** The name of its first phase. */
  phase: string;
  /** Told when everybody concerned has acknowledged, or nobody may go on. */
  over(): void;
}

/** A transaction under way: what changes while it runs. */
interface One extends Omit<Start, 'phase'> {
  parts: ProtocolParts;
  parent: Context;
  state: Transaction;
  phase: Phase;
  decided: PromiseWithResolvers<Outcome>;
  /** Why it is aborted, for a person. */
  detail: string;
  isGivenUp: boolean;
  /** Inputs take turns: none is looked at while what follows from the one before is logged. */
  turn: Promise<void>;
}

interface Phase {
  span: Span;
  context: Context;
}

/**
 * Runs one transaction: carries out what `coordinate` says, one input at a time, each log record
 * durable before what follows from it is sent.
 */
export function runTransaction(parts: ProtocolParts, start: Start): RunningTransaction {
  const parent = context.active();
  const decided = Promise.withResolvers<Outcome>();
  decided.promise.catch(() => undefined); // after a restart nobody waits for it
  const one: One = {
    ...start,
    parts,
    parent,
    decided,
    state: { ...start.first.state, decision: null, untold: [] },
    phase: openPhase(start.phase, start.id, parent),
    detail: '',
    isGivenUp: false,
    turn: Promise.resolve(),
  };
  inTurn(one, async () => {
    // What a log has brought back has no work: it was begun long ago.
    if (start.work.size > 0) await failpoint('begun-not-asked', start.id);
    await take(one, start.first);
  });
  return {
    traceparent: traceparent(parent),
    state: () => one.state,
    feed: (input) => feed(one, input),
    decided: decided.promise,
  };
}

function feed(one: One, input: Input): void {
  inTurn(one, () => take(one, coordinate(one.state, input)));
}

/** An error in a turn is a bug, or the end of this coordinator's right to decide. */
function inTurn(one: One, work: () => Promise<void>): void {
  one.turn = one.turn.then(work).catch((error: unknown) => {
    one.isGivenUp = true;
    one.decided.reject(error);
    one.phase.span.end();
    one.over();
    if (!(error instanceof Failure) || error.code !== 'superseded') throw error;
    one.parts.superseded();
  });
}

async function take(one: One, next: Next): Promise<void> {
  if (one.isGivenUp) return; // what another coordinator may have decided is not ours to tell
  const { state, phase } = one;
  const decides = state.decision === null && next.state.decision !== null;
  const ends = isEnded(next.state);
  if (decides && next.log?.kind === 'decided') await failpoint('voted-not-decided', one.id);
  if (ends && next.log !== null) await failpoint('told-not-ended', one.id);
  const { log } = next;
  if (log !== null) {
    const entry = { id: one.id, entry: log, trace: traceparent(one.parent) };
    await context.with(phase.context, () => logDurably(one.parts.log, entry));
  }
  one.state = next.state;
  if (decides) {
    await announce(one);
    // Whoever asked is answered first, and ends its own branch while the others are told.
    await setImmediate();
  }
  for (const { to, ask } of next.send) void deliver(one, to, ask);
  if (!ends) return;
  tell(one, { event: 'transaction-ended', decision: one.state.decision });
  one.phase.span.end();
  one.over();
}

async function announce(one: One): Promise<void> {
  const { decision, reason, untold: participants, inLog } = one.state;
  if (decision === null) return;
  const durable = inLog && participants.length > 0;
  tell(one, { event: 'decision-made', decision, reason, durable, participants });
  one.phase.span.end();
  if (durable) await failpoint('decided-not-told', one.id);
  one.decided.resolve({ decision, reason, detail: decision === 'abort' ? one.detail : '' });
  if (participants.length > 0) one.phase = openPhase(`phase 2: ${decision}`, one.id, one.parent);
}

async function deliver(one: One, to: string, ask: Ask): Promise<void> {
  for (let attempt = 1; !one.isGivenUp; attempt += 1) {
    const reply = await sendOnce(one, to, ask).catch(failureOf);
    if (!(reply instanceof Failure)) return received(one, to, reply);
    const reason = reply.code;
    one.detail ||= `${to}: ${reply.message}`;
    if (isUndone(ask, reply)) return feed(one, { kind: 'vote', from: to, vote: 'no', reason });
    if (ask === 'prepare') return feed(one, { kind: 'lost', from: to, reason });
    // Whoever must hear it is told until it answers: it may be dead, and come back.
    await pauseAfter(attempt);
    tell(one, { event: 'decision-told-again', to, decision: one.state.decision, attempt });
  }
}

/** Nothing is prepared there, so nothing must be told there when it comes to an abort. */
function isUndone(ask: Ask, { code, certainty }: Failure): boolean {
  // Of an earlier attempt to commit this one may know nothing; what cannot be read never could.
  return ask === 'prepare'
    ? certainty === 'definite'
    : ask === 'commit-one-phase' && code === 'invalid-request';
}

async function sendOnce(
  { parts, phase, id, work, state }: One,
  to: string,
  ask: Ask,
): Promise<Reply> {
  const isTold = ask === 'commit' || ask === 'abort';
  if (isTold) await failpoint('due-not-told', id);
  const send = () => context.with(phase.context, () => parts.send(to, ask, id, work.get(to)));
  // A vote is of use only while the asker waits. All else must be told, however late it has become.
  const reply = await (ask === 'prepare' ? send() : withoutDeadline(send));
  if (isTold) await failpoint('told-not-noted', id);
  // Noted before it counts as acknowledged: if it cannot be, the participant is asked again.
  if (reply.kind === 'acknowledged' && reply.damage && state.decision !== null) {
    await parts.log.damaged(id, state.decision, to);
  }
  return reply;
}

function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}

function received(one: One, from: string, reply: Reply): void {
  if (reply.kind === 'acknowledged') return feed(one, { kind: 'acknowledged', from });
  const { vote, reason } = reply;
  tell(one, { event: 'vote-received', from, vote, reason });
  if (vote === 'no') one.detail ||= reply.detail;
  feed(one, { kind: 'vote', from, vote, reason });
}

function tell({ id, phase }: One, event: RecordEvent): void {
  context.with(phase.context, () => record({ orderId: id, ...event }));
}

function openPhase(name: string, id: string, parent: Context): Phase {
  return startSpan(name, { parent, attributes: { 'order.id': id } });
}
