/** No: nothing is kept. Read-only: nothing was written, so there is nothing to commit or abort. */
export type Vote = 'yes' | 'no' | 'read-only';
export type Decision = 'commit' | 'abort';

/** How a transaction is coordinated. Each is a switch that lessons compare. */
export interface Switches {
  /** What a log without a decision means: an abort, or that nothing may be concluded. */
  presume: 'abort' | 'nothing';
  /** Whether participants prepare all at once, or one after the other. */
  branches: 'parallel' | 'sequential';
  /** Contact the last participant last: if no other wrote, its own commit is the decision. */
  lastResource: boolean;
}

/** A global transaction as its coordinator knows it. */
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
  /** No answer came, and none will: the command may have been executed, or will be. */
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
  /** Saves work after a crash, and no more: it need not be forced to disk. */
  | { kind: 'ended' };

/** What a coordinator sends to a participant. */
export type Command = 'prepare' | 'commit-one-phase' | Decision;

/** What follows from an input: `log` must be durable before anything of `send` leaves. */
export interface Next {
  state: Transaction;
  log: LogRecord | null;
  send: readonly { to: string; command: Command }[];
}

/** Begins a transaction. Presumed abort writes nothing down: without a decision it is an abort. */
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
 * The coordinator's side of two-phase commit, as a function. What comes late or twice changes
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
 * Takes up what an earlier coordinator had written down and not ended. Begun and not decided
 * becomes an abort: that coordinator can no longer decide, since its epoch is over.
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

/** Whether everybody concerned knows the decision. */
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
  // With a begin record and no decision, a new coordinator would abort what has committed.
  if (!nobodyWrote || switches.presume === 'nothing') return send(state, [last], 'prepare');
  return send({ ...state, onePhase: true }, [last], 'commit-one-phase');
}

function send(state: Transaction, names: readonly string[], command: Command): Next {
  const contacted = [...state.contacted, ...names];
  return { state: { ...state, contacted }, log: null, send: names.map((to) => ({ to, command })) };
}

/** The commit point: from here on the decision never changes. */
function decide(state: Transaction, decision: Decision, reason: string | null): Next {
  // Who voted no has kept nothing, who voted read-only has nothing to keep. Who has not voted may
  // be prepared, or be it later.
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
  // It may have committed, and only its own answer shows it: send until it answers.
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
