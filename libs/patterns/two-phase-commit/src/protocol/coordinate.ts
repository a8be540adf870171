/** No: the work was rolled back. Read-only: nothing was written, so phase two is not needed. */
export type Vote = 'yes' | 'no' | 'read-only';
export type Decision = 'commit' | 'abort';

/** Variants of the protocol that the lessons compare. */
export interface Switches {
  /** What a missing log record means: an abort, or nothing. */
  presume: 'abort' | 'nothing';
  /** Whether participants prepare in parallel, or one after the other. */
  branches: 'parallel' | 'sequential';
  /** Contact the last participant last: if no other wrote, its own commit is the decision. */
  lastResource: boolean;
}

/** The coordinator's state of a global transaction. */
export interface Transaction {
  readonly switches: Switches;
  readonly participants: readonly string[];
  /** Participants that were sent `prepare` or `commit-one-phase`. */
  readonly contacted: readonly string[];
  readonly votes: Readonly<Record<string, Vote>>;
  readonly decision: Decision | null;
  readonly reason: string | null;
  /** Participants that must still acknowledge the decision. */
  readonly unacknowledged: readonly string[];
  /** The last participant was sent `commit-one-phase`: its answer is the decision. */
  readonly onePhase: boolean;
  readonly inLog: boolean;
}

export type Input =
  | { kind: 'vote'; from: string; vote: Vote; reason: string | null }
  /** No answer will come: the command may have been executed, or may be executed later. */
  | { kind: 'lost'; from: string; reason: string }
  | { kind: 'acknowledged'; from: string };

export type LogRecord =
  | { kind: 'begun'; participants: readonly string[] }
  | {
      kind: 'decided';
      decision: Decision;
      reason: string | null;
      participants: readonly string[];
    }
  /** Only saves work after a crash, so the record need not be forced to disk. */
  | { kind: 'ended' };

/** A message from the coordinator to a participant. */
export type Command = 'prepare' | 'commit-one-phase' | Decision;

/** The result of an input: `log` must be durable before any message of `send` is sent. */
export interface Next {
  state: Transaction;
  log: LogRecord | null;
  send: readonly { to: string; command: Command }[];
}

/** Begins a transaction. Presumed abort needs no record: a missing decision means an abort. */
export function begin(participants: readonly string[], switches: Switches): Next {
  const state: Transaction = {
    switches,
    participants,
    contacted: [],
    votes: {},
    decision: null,
    reason: null,
    unacknowledged: [],
    onePhase: false,
    inLog: switches.presume === 'nothing',
  };
  const log = state.inLog ? ({ kind: 'begun', participants } as const) : null;
  return { ...prepareNext(state), log };
}

/**
 * The coordinator's side of two-phase commit as a pure function. A late or repeated input changes
 * nothing.
 * @see Gray, "Notes on Data Base Operating Systems" (1978); Mohan, Lindsay and Obermarck,
 *   "Transaction Management in the R* Distributed Database Management System" (1986)
 */
export function coordinate(state: Transaction, input: Input): Next {
  if (input.kind === 'acknowledged') return acknowledged(state, input.from);
  if (!state.contacted.includes(input.from)) return same(state);
  if (input.kind === 'lost') return lost(state, input.from, input.reason);
  if (state.decision !== null || state.votes[input.from] !== undefined) return same(state);
  const votes = { ...state.votes, [input.from]: input.vote };
  if (input.vote === 'no') return decide({ ...state, votes }, 'abort', input.reason);
  if (state.onePhase) return ended({ ...state, votes, decision: 'commit' });
  const voted = { ...state, votes };
  const all = state.participants.every((name) => votes[name] !== undefined);
  return all ? decide(voted, 'commit', null) : prepareNext(voted);
}

/**
 * Takes over an open transaction from the log of an earlier coordinator. Without a decision it
 * becomes an abort: the earlier coordinator can no longer decide, since its epoch is over.
 */
export function takeUp(
  { decision, participants }: { decision: Decision | null; participants: readonly string[] },
  switches: Switches,
): Next {
  const { state } = begin(participants, switches);
  const known = { ...state, contacted: participants, inLog: true };
  if (decision === null) return decide(known, 'abort', 'coordinator-lost');
  return sendDecision({ ...known, decision, unacknowledged: participants }, participants);
}

/** Whether the transaction is decided, and all participants concerned have acknowledged. */
export function isEnded(state: Transaction): state is Transaction & { decision: Decision } {
  return state.decision !== null && state.unacknowledged.length === 0;
}

function prepareNext(state: Transaction): Next {
  const { participants, switches, votes, contacted } = state;
  const last = participants.at(-1);
  const open = participants.filter((name) => !contacted.includes(name));
  const others = switches.lastResource ? open.filter((name) => name !== last) : open;
  const waiting = contacted.some((name) => votes[name] === undefined);
  if (others.length > 0) {
    if (switches.branches === 'parallel') return send(state, others, 'prepare');
    return waiting ? same(state) : send(state, others.slice(0, 1), 'prepare');
  }
  if (waiting || last === undefined || contacted.includes(last)) return same(state);
  const nobodyWrote = Object.values(votes).every((vote) => vote === 'read-only');
  // One phase writes no decision. After a begin record a new coordinator would then abort.
  if (!nobodyWrote || switches.presume === 'nothing') return send(state, [last], 'prepare');
  return send({ ...state, onePhase: true }, [last], 'commit-one-phase');
}

function send(state: Transaction, names: readonly string[], command: Command): Next {
  const contacted = [...state.contacted, ...names];
  return { state: { ...state, contacted }, log: null, send: names.map((to) => ({ to, command })) };
}

/** Decides. The decision never changes after this. */
function decide(state: Transaction, decision: Decision, reason: string | null): Next {
  // A participant that voted no or read-only has nothing prepared. A participant that has not voted
  // may be prepared, now or later.
  const concerned = state.contacted.filter((name) => {
    const vote = state.votes[name];
    return vote === 'yes' || (vote === undefined && decision === 'abort');
  });
  const decided = { ...state, decision, reason, unacknowledged: concerned };
  if (concerned.length === 0) return ended(decided);
  if (decision === 'abort' && state.switches.presume === 'abort')
    return sendDecision(decided, concerned);
  const log = { kind: 'decided', decision, reason, participants: concerned } as const;
  return { ...sendDecision({ ...decided, inLog: true }, concerned), log };
}

function sendDecision(state: Transaction, names: readonly string[]): Next {
  const { decision } = state;
  const send = decision === null ? [] : names.map((to) => ({ to, command: decision }));
  return { state, log: null, send };
}

function lost(state: Transaction, from: string, reason: string): Next {
  if (state.decision !== null)
    return sendDecision(state, state.unacknowledged.includes(from) ? [from] : []);
  if (state.votes[from] !== undefined) return same(state);
  // The participant may have committed. Only its answer can show whether it did, so the message is
  // resent.
  if (state.onePhase) return { ...same(state), send: [{ to: from, command: 'commit-one-phase' }] };
  return decide(state, 'abort', reason);
}

function acknowledged(state: Transaction, from: string): Next {
  if (!state.unacknowledged.includes(from)) return same(state);
  const next = { ...state, unacknowledged: state.unacknowledged.filter((name) => name !== from) };
  return next.unacknowledged.length === 0 ? ended(next) : same(next);
}

function ended(state: Transaction): Next {
  return { state, log: state.inLog ? { kind: 'ended' } : null, send: [] };
}

function same(state: Transaction): Next {
  return { state, log: null, send: [] };
}
