import { setTimeout as wait } from 'node:timers/promises';
import { Failure } from '@indoubt/failure';
import { inSpan, record, startSpan, traceparent } from '@indoubt/record';
import { type Context, context, type Span } from '@opentelemetry/api';
import {
  type Ask,
  coordinate,
  type Input,
  isEnded,
  type LogRecord,
  type Next,
  type Transaction,
  type Vote,
} from './coordinate.ts';
import type { DecisionLog } from './decision-log.ts';
import type { Outcome, Work } from './messages.ts';

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
  /** Named crash points, inert unless armed. */
  crash(point: 'voted-not-decided' | 'decided-not-told' | 'told-not-ended'): void;
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
  /** Told when everybody concerned has acknowledged, or nobody may go on. */
  over(): void;
}

const AGAIN_AFTER_MS = 50;
const AGAIN_AFTER_MAX_MS = 1_000;

/**
 * Runs one transaction: carries out what `coordinate` says, one input at a time, each log record
 * durable before what follows from it is sent.
 */
export function runTransaction(parts: ProtocolParts, start: Start): RunningTransaction {
  const { id, work } = start;
  const parent = context.active();
  const decided = Promise.withResolvers<Outcome>();
  decided.promise.catch(() => undefined); // after a restart nobody waits for it
  let state: Transaction = { ...start.first.state, decision: null, untold: [] };
  let phase = openPhase('phase 1: prepare', id, parent);
  let detail = '';
  let isGivenUp = false;
  let turn = take(start.first).catch(giveUp);

  async function take(next: Next): Promise<void> {
    if (isGivenUp) return; // what another coordinator may have decided is not ours to tell
    const decides = state.decision === null && next.state.decision !== null;
    if (decides && next.log?.kind === 'decided') parts.crash('voted-not-decided');
    const ends = isEnded(next.state);
    if (ends && next.log !== null) parts.crash('told-not-ended');
    if (next.log !== null) await context.with(phase.context, () => write(parts, id, next.log));
    ({ state } = next);
    if (decides) announce(state.inLog && state.untold.length > 0);
    for (const { to, ask } of next.send) void deliver(to, ask, 1);
    if (ends) end();
  }

  function announce(durable: boolean): void {
    const { decision, reason, untold: participants } = state;
    if (decision === null) return;
    const told = { decision, reason, durable, participants };
    context.with(phase.context, () => record({ event: 'decision-made', orderId: id, ...told }));
    phase.span.end();
    if (durable) parts.crash('decided-not-told');
    decided.resolve({ decision, reason, detail: decision === 'abort' ? detail : '' });
    if (participants.length > 0) phase = openPhase(`phase 2: ${decision}`, id, parent);
  }

  function end(): void {
    const { decision } = state;
    context.with(phase.context, () =>
      record({ event: 'transaction-ended', orderId: id, decision }),
    );
    phase.span.end();
    start.over();
  }

  /** An error here is a bug, or the end of this coordinator's right to decide. */
  function feed(input: Input): void {
    turn = turn.then(() => take(coordinate(state, input))).catch(giveUp);
  }

  function giveUp(error: unknown): void {
    isGivenUp = true;
    decided.reject(error);
    phase.span.end();
    start.over();
    if (!(error instanceof Failure) || error.code !== 'superseded') throw error;
    parts.superseded();
  }

  async function deliver(to: string, ask: Ask, attempt: number): Promise<void> {
    const sent = context.with(phase.context, () => parts.send(to, ask, id, work.get(to)));
    const reply = await sent.catch((error: unknown) => {
      if (error instanceof Failure) return error;
      throw error;
    });
    if (!(reply instanceof Failure)) return received(to, reply);
    if (ask === 'prepare') {
      detail ||= `${to}: ${reply.message}`;
      return feed({ kind: 'lost', from: to, reason: reply.code });
    }
    // Whoever must hear it is told until it answers: it may be dead, and come back.
    await wait(Math.min(AGAIN_AFTER_MS * 2 ** attempt, AGAIN_AFTER_MAX_MS));
    if (isGivenUp) return;
    const { decision } = state;
    record({ event: 'decision-told-again', orderId: id, to, decision, attempt });
    return deliver(to, ask, attempt + 1);
  }

  function received(to: string, reply: Reply): void {
    if (reply.kind === 'vote') {
      const { vote, reason } = reply;
      context.with(phase.context, () =>
        record({ event: 'vote-received', orderId: id, from: to, vote, reason }),
      );
      if (vote === 'no') detail ||= reply.detail;
      return feed({ kind: 'vote', from: to, vote, reason });
    }
    if (reply.damage) void parts.log.damaged(id, to);
    feed({ kind: 'acknowledged', from: to });
  }

  return { traceparent: traceparent(parent), state: () => state, feed, decided: decided.promise };
}

function openPhase(name: string, id: string, parent: Context): { span: Span; context: Context } {
  return startSpan(name, { parent, attributes: { 'order.id': id } });
}

/** Tries until the log has it: given up after a write that nobody answered, both could be true. */
async function write(parts: ProtocolParts, id: string, entry: LogRecord | null): Promise<void> {
  if (entry === null) return;
  const attributes = { 'order.id': id };
  const trace = traceparent();
  await inSpan(`log ${entry.kind}`, { attributes }, async () => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await writeOnce(parts.log, id, entry, trace);
      } catch (error) {
        const again = error instanceof Failure && error.certainty === 'indefinite';
        // Told once more after a restart, and no harm done.
        if (again && entry.kind === 'ended') return;
        if (!again) throw error;
        await wait(Math.min(AGAIN_AFTER_MS * 2 ** attempt, AGAIN_AFTER_MAX_MS));
      }
    }
  });
}

function writeOnce(
  log: DecisionLog,
  id: string,
  entry: LogRecord,
  trace: string | null,
): Promise<void> {
  if (entry.kind === 'ended') return log.ended(id);
  const one = { id, participants: [...entry.participants], traceparent: trace };
  if (entry.kind === 'begun') return log.begun(one);
  return log.decided({ ...one, decision: entry.decision, reason: entry.reason });
}
