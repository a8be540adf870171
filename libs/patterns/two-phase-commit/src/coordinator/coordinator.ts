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
  /** Takes the next epoch, and up what earlier coordinators left open. Before anything else. */
  recover(): Promise<void>;
  /**
   * Takes up again what the log has open and nobody works on, seen twice in a row: its end record
   * was lost, with a server that died before the disk had it, or before it got there. All are sent
   * the decision once more, and have nothing to do.
   */
  takeUpLost(): Promise<void>;
  /**
   * Runs a transaction. The same id again gets the same outcome.
   * @returns once it is decided: the branches may hear of it later
   * @throws Failure 'superseded' (indefinite for the caller: the other coordinator knows)
   */
  begin(transaction: BeginTransaction): Promise<Outcome>;
  /** A prepared participant votes again to learn the decision: undecided, its vote counts. */
  vote(id: string, from: string): Promise<Verdict>;
  status(id: string): Promise<TransactionStatus>;
  /** Those that this coordinator is working on. */
  open(): TransactionStatus[];
}

/** What a coordinator has in its memory, and loses when it dies. */
interface Memory {
  parts: ProtocolParts;
  running: Map<string, RunningTransaction>;
  /** Ids that were unknown when a participant sent a vote: aborted for good. */
  presumed: Set<string>;
  /** Open in the log, and not worked on here, when last looked at. */
  unattended: Set<string>;
}

/** How many presumed aborts are remembered. */
const PRESUMED_MAX = 10_000;

export function createCoordinator(parts: ProtocolParts): Coordinator {
  const memory: Memory = { parts, running: new Map(), presumed: new Set(), unattended: new Set() };
  const { running } = memory;
  return {
    async recover() {
      const epoch = await parts.log.takeEpoch();
      const left = await parts.log.open();
      record({ event: 'epoch-taken', epoch, recovered: left.length });
      if (left.length > 0) await failpoint('recovered-not-told');
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
      // What follows from it is the transaction's, not the question's: the next to prepare may take
      // longer than the one who asks here still waits.
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

/** What this coordinator knows, what the log says, or else what is presumed. */
async function verdict({ parts, running, presumed }: Memory, id: string): Promise<Verdict> {
  const here = running.get(id);
  if (here !== undefined) return verdictOf(here);
  const logged = await parts.log.read(id).catch((error: unknown) => {
    if (error instanceof Failure && error.code === 'superseded') parts.superseded();
    throw error;
  });
  // It may have been begun while the log was read.
  const begun = running.get(id);
  if (begun !== undefined) return verdictOf(begun);
  if (logged?.decision) return { decision: logged.decision, traceparent: logged.traceparent };
  evictOldest(presumed, PRESUMED_MAX);
  presumed.add(id);
  return { decision: 'abort', traceparent: logged?.traceparent ?? null };
}

/** A logged decision is sent until all acknowledge; how its votes came in no longer matters. */
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
  const detail = 'It was asked about before it began, and nobody knew it: it had to be an abort.';
  return { decision: 'abort', reason: 'transaction-aborted', detail };
}

function statusOf(id: string, transaction: RunningTransaction): TransactionStatus {
  const { decision, reason, contacted, votes, unacknowledged } = transaction.state();
  const missing = contacted.filter((name) => votes[name] === undefined);
  const awaiting = decision === null ? missing : [...unacknowledged];
  return { id, decision: decision ?? 'undecided', reason, awaiting };
}
