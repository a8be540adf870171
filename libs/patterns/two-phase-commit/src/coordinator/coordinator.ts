import { failpoint } from '@indoubt/chaos';
import { Failure } from '@indoubt/failure';
import { withoutDeadline } from '@indoubt/http/deadline';
import { contextOf, inSpan, record } from '@indoubt/record';
import { context } from '@opentelemetry/api';
import { makeRoom } from '../participant/make-room.ts';
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
   * was lost, with a server that died before the disk had it, or on the way there. All are told
   * once more, and have nothing to do.
   */
  takeUpLost(): Promise<void>;
  /**
   * Runs a transaction. The same id again gets the same outcome.
   * @returns once it is decided: the branches may hear of it later
   * @throws Failure 'superseded' (indefinite for the caller: the other coordinator knows)
   */
  begin(transaction: BeginTransaction): Promise<Outcome>;
  /** A prepared participant asks: while votes are still counted, its question is its vote. */
  vote(id: string, from: string): Promise<Verdict>;
  status(id: string): Promise<TransactionStatus>;
  /** Those that this coordinator is working on. */
  open(): TransactionStatus[];
}

/** What a coordinator has in its memory, and loses when it dies. */
interface Desk {
  parts: ProtocolParts;
  running: Map<string, RunningTransaction>;
  /** Nobody knew them when somebody asked: aborted for good, whatever arrives late. */
  presumed: Set<string>;
  /** Open in the log, and not worked on here, when last looked at. */
  unattended: Set<string>;
}

/** How many of those are remembered. */
const PRESUMED_MAX = 10_000;

export function createCoordinator(parts: ProtocolParts): Coordinator {
  const desk: Desk = { parts, running: new Map(), presumed: new Set(), unattended: new Set() };
  const { running } = desk;
  return {
    async recover() {
      const epoch = await parts.log.takeEpoch();
      const left = await parts.log.open();
      record({ event: 'epoch-taken', epoch, recovered: left.length });
      if (left.length > 0) await failpoint('recovered-not-told');
      for (const each of left) resume(desk, each);
    },
    async takeUpLost() {
      const left = (await parts.log.open()).filter(({ id }) => !running.has(id));
      const again = left.filter(({ id }) => desk.unattended.has(id));
      desk.unattended = new Set(left.map(({ id }) => id));
      for (const each of again) resume(desk, each);
    },
    async begin(transaction) {
      const { id } = transaction;
      if (desk.presumed.has(id)) return late();
      return running.get(id)?.decided ?? beginNew(desk, transaction);
    },
    async vote(id, from) {
      const here = running.get(id);
      if (here?.state().decision !== null) return verdict(desk, id);
      // What follows from it is the transaction's, not the question's: the next to prepare may take
      // longer than the one who asks here still waits.
      withoutDeadline(() => here.feed({ kind: 'vote', from, vote: 'yes', reason: null }));
      return verdictOf(here);
    },
    async status(id) {
      const here = running.get(id);
      if (here !== undefined) return statusOf(id, here);
      const { decision } = await verdict(desk, id);
      return { id, decision, reason: null, awaiting: [] };
    },
    open: () => [...running].map(([id, one]) => statusOf(id, one)),
  };
}

function beginNew(desk: Desk, { id, participants, ...switches }: BeginTransaction) {
  const names = participants.map(({ name }) => name);
  const work = new Map(participants.map((each) => [each.name, each.work]));
  const attributes = { 'order.id': id, 'transaction.participants': names.join(' ') };
  const { presume, branches } = switches;
  return inSpan('two-phase commit', { attributes }, () => {
    record({ event: 'transaction-begun', orderId: id, participants: names, presume, branches });
    const first = begin(names, switches);
    return run(desk, { id, work, first, phase: 'phase 1: prepare' }).decided;
  });
}

function resume(desk: Desk, { id, decision, participants, traceparent }: LoggedTransaction): void {
  const next = takeUp({ decision, participants }, SWITCHES_OF_THE_LOG);
  const start = { id, work: new Map<string, Work>(), first: next, phase: 'recovery' };
  context.with(contextOf(traceparent), () => run(desk, start));
}

function run({ parts, running }: Desk, start: Omit<Start, 'over'>) {
  const over = (): void => void running.delete(start.id);
  const one = runTransaction(parts, { ...start, over });
  running.set(start.id, one);
  return one;
}

/** What this coordinator knows, what the log says, or else what is presumed. */
async function verdict({ parts, running, presumed }: Desk, id: string): Promise<Verdict> {
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
  makeRoom(presumed, PRESUMED_MAX);
  presumed.add(id);
  return { decision: 'abort', traceparent: logged?.traceparent ?? null };
}

/** What was logged is told until all know it; how its votes were gathered no longer matters. */
const SWITCHES_OF_THE_LOG: Switches = {
  presume: 'nothing',
  branches: 'parallel',
  lastResource: false,
};

function verdictOf(one: RunningTransaction): Verdict {
  return { decision: one.state().decision ?? 'undecided', traceparent: one.traceparent };
}

function late(): Outcome {
  const detail = 'It was asked about before it began, and nobody knew it: it had to be an abort.';
  return { decision: 'abort', reason: 'transaction-aborted', detail };
}

function statusOf(id: string, one: RunningTransaction): TransactionStatus {
  const { decision, reason, asked, votes, untold } = one.state();
  const missing = asked.filter((name) => votes[name] === undefined);
  const awaiting = decision === null ? missing : [...untold];
  return { id, decision: decision ?? 'undecided', reason, awaiting };
}
