import { failpoint } from '@indoubt/chaos';
import { Failure } from '@indoubt/failure';
import { withoutDeadline } from '@indoubt/http/deadline';
import { contextOf, inSpan, record } from '@indoubt/record';
import { context } from '@opentelemetry/api';
import { evictOldest } from '../evict-oldest.ts';
import { begin, type Switches, takeUp } from '../protocol/coordinate.ts';
import type { Outcome, TransactionStatus, Verdict, Work } from '../protocol/messages.ts';
import type { LoggedTransaction } from './decision-log.ts';
import {
  type ProtocolParts,
  type RunningTransaction,
  runTransaction,
  type Start,
} from './run-transaction.ts';

export interface BeginTransaction extends Switches {
  id: string;
  participants: { name: string; work: Work }[];
}

export interface Coordinator {
  /** Takes the next epoch, and resumes all open transactions of the log. Must be called first. */
  recover(): Promise<void>;
  /**
   * Resumes transactions that two polls in a row found open in the log but not in progress here:
   * their end records were lost, for example with a server that died. The participants get the
   * decision again, which changes nothing there.
   */
  takeUpLost(): Promise<void>;
  /**
   * Runs a transaction. A repeated request with the same id gets the same outcome.
   * @returns once the transaction is decided; the branches may get the decision later
   * @throws Failure 'superseded' (indefinite for the caller: another coordinator decides)
   */
  begin(transaction: BeginTransaction): Promise<Outcome>;
  /** Returns the decision to a prepared participant. Counts its vote while undecided. */
  vote(id: string, from: string): Promise<Verdict>;
  status(id: string): Promise<TransactionStatus>;
  /** Transactions in progress at this coordinator. */
  open(): TransactionStatus[];
}

/** The memory of a coordinator, which is lost when it dies. */
interface Memory {
  parts: ProtocolParts;
  running: Map<string, RunningTransaction>;
  /** Ids that were unknown when a participant sent a vote: aborted for good. */
  presumed: Set<string>;
  /** Transactions that the last poll found open in the log but not in progress here. */
  unattended: Set<string>;
}

/** Presumed aborts that are stored in memory. */
const PRESUMED_MAX = 10_000;

export function createCoordinator(parts: ProtocolParts): Coordinator {
  const memory: Memory = { parts, running: new Map(), presumed: new Set(), unattended: new Set() };
  const { running } = memory;
  return {
    async recover() {
      const epoch = await parts.log.takeEpoch();
      const left = await parts.log.open();
      record({ event: 'epoch-taken', epoch, recovered: left.length });
      if (left.length > 0) await failpoint('recovered-not-sent');
      for (const each of left) resume(memory, each);
    },
    async takeUpLost() {
      const left = (await parts.log.open()).filter(({ id }) => !running.has(id));
      const again = left.filter(({ id }) => memory.unattended.has(id));
      memory.unattended = new Set(left.map(({ id }) => id));
      for (const each of again) resume(memory, each);
    },
    async begin(transaction) {
      const { id } = transaction;
      if (memory.presumed.has(id)) return late();
      return running.get(id)?.decided ?? beginNew(memory, transaction);
    },
    async vote(id, from) {
      const here = running.get(id);
      if (here?.state().decision !== null) return verdict(memory, id);
      // The vote may cause work of the transaction, such as the next prepare. That work must not be
      // bound by the deadline of this request.
      withoutDeadline(() => here.feed({ kind: 'vote', from, vote: 'yes', reason: null }));
      return verdictOf(here);
    },
    async status(id) {
      const here = running.get(id);
      if (here !== undefined) return statusOf(id, here);
      const { decision } = await verdict(memory, id);
      return { id, decision, reason: null, awaiting: [] };
    },
    open: () => [...running].map(([id, transaction]) => statusOf(id, transaction)),
  };
}

function beginNew(memory: Memory, { id, participants, ...switches }: BeginTransaction) {
  const names = participants.map(({ name }) => name);
  const work = new Map(participants.map((each) => [each.name, each.work]));
  const attributes = { 'order.id': id, 'transaction.participants': names.join(' ') };
  const { presume, branches } = switches;
  return inSpan('two-phase commit', { attributes }, () => {
    record({ event: 'transaction-begun', orderId: id, participants: names, presume, branches });
    const first = begin(names, switches);
    return run(memory, { id, work, first, phase: 'phase 1: prepare' }).decided;
  });
}

function resume(
  memory: Memory,
  { id, decision, participants, traceparent }: LoggedTransaction,
): void {
  const next = takeUp({ decision, participants }, SWITCHES_OF_THE_LOG);
  const start = { id, work: new Map<string, Work>(), first: next, phase: 'recovery' };
  context.with(contextOf(traceparent), () => run(memory, start));
}

function run({ parts, running }: Memory, start: Omit<Start, 'onEnd'>) {
  const onEnd = (): void => void running.delete(start.id);
  const transaction = runTransaction(parts, { ...start, onEnd });
  running.set(start.id, transaction);
  return transaction;
}

/** The decision from memory, else from the log, else the presumed abort. */
async function verdict({ parts, running, presumed }: Memory, id: string): Promise<Verdict> {
  const here = running.get(id);
  if (here !== undefined) return verdictOf(here);
  const logged = await parts.log.read(id).catch((error: unknown) => {
    if (error instanceof Failure && error.code === 'superseded') parts.superseded();
    throw error;
  });
  // The transaction may have begun while the log was read.
  const begun = running.get(id);
  if (begun !== undefined) return verdictOf(begun);
  if (logged?.decision) return { decision: logged.decision, traceparent: logged.traceparent };
  evictOldest(presumed, PRESUMED_MAX);
  presumed.add(id);
  return { decision: 'abort', traceparent: logged?.traceparent ?? null };
}

/** A logged decision is sent until all acknowledge it, whatever the original switches were. */
const SWITCHES_OF_THE_LOG: Switches = {
  presume: 'nothing',
  branches: 'parallel',
  lastResource: false,
};

function verdictOf(transaction: RunningTransaction): Verdict {
  return {
    decision: transaction.state().decision ?? 'undecided',
    traceparent: transaction.traceparent,
  };
}

function late(): Outcome {
  const detail =
    'A participant requested the decision before the transaction began, so an abort was presumed.';
  return { decision: 'abort', reason: 'transaction-aborted', detail };
}

function statusOf(id: string, transaction: RunningTransaction): TransactionStatus {
  const { decision, reason, contacted, votes, unacknowledged } = transaction.state();
  const missing = contacted.filter((name) => votes[name] === undefined);
  const awaiting = decision === null ? missing : [...unacknowledged];
  return { id, decision: decision ?? 'undecided', reason, awaiting };
}
