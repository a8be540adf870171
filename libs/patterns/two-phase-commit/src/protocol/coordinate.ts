/** No: nothing is kept. Read-only: nothing was written, so there is nothing to commit or abort. */
export type Vote = 'yes' | 'no' | 'read-only';
export type Decision = 'commit' | 'abort';

/** How a transaction is coordinated. Each is a switch that lessons compare. */
export interface Switches {
  /** What a log without a decision means: an abort, or that nothing may be concluded. */
  presume: 'abort' | 'nothing';
  /** Whether participants are asked to prepare all at once, or one after the other. */
  branches: 'parallel' | 'sequential';
  /** Ask the last participant last: if no other wrote, its own commit is the decision. */
  lastResource: boolean;
}

/** A global transaction as its coordinator knows it. */
export interface Transaction {
  readonly switches: Switches;
  readonly participants: readonly string[];
  /** Who was asked to prepare, or to commit in one phase. */
  readonly asked: readonly string[];
  readonly votes: Readonly<Record<string, Vote>>;
  readonly decision: Decision | null;
  readonly reason: string | null;
  /** Who must still acknowledge the decision. */
  readonly untold: readonly string[];
  /** The last participant was asked to commit at once: its answer is the decision. */
  readonly onePhase: boolean;
  readonly inLog: boolean;
}

export type Input =
  | { kind: 'vote'; from: string; vote: Vote; reason: string | null }
  /** No answer came, and none will: what was asked may have happened, or may yet. */
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

export type Ask = 'prepare' | 'commit-one-phase' | Decision;

/** What follows from an input: `log` must be durable before anything of `send` leaves. */
export interface Next {
  state: Transaction;
  log: LogRecord | null;
  send: readonly { to: string; ask: Ask }[];
}

/** Begins a transaction. Presumed abort writes nothing down: without a decision it is an abort. */
export function begin(participants: readonly string[], switches: Switches): Next {
  const state: Transaction = {
    switches,
    participants,
    asked: [],
    votes: {},
    decision: null,
    reason: null,
    untold: [],
    onePhase: false,
    inLog: switches.presume === 'nothing',
  };
  const log = state.inLog ? ({ kind: 'begun', participants } as const) : null;
  return { ...askNext(state), log };
}

/**
 * The coordinator's side of two-phase commit, as a function. What comes late or twice changes
 * nothing.
 * @see Gray, "Notes on Data Base Operating Systems" (1978); Mohan, Lindsay and Obermarck,
 *   "Transaction Management in the R* Distributed Database Management System" (1986)
 */
export function coordinate(state: Transaction, input: Input): Next {
  if (input.kind === 'acknowledged') return acknowledged(state, input.from);
  if (!state.asked.includes(input.from)) return same(state);
  if (input.kind === 'lost') return lost(state, input.from, input.reason);
  if (state.decision !== null || state.votes[input.from] !== undefined) return same(state);
  const votes = { ...state.votes, [input.from]: input.vote };
  if (input.vote === 'no') return decide({ ...state, votes }, 'abort', input.reason);
  if (state.onePhase) return ended({ ...state, votes, decision: 'commit' });
  const voted = { ...state, votes };
  const all = state.participants.every((name) => votes[name] !== undefined);
  return all ? decide(voted, 'commit', null) : askNext(voted);
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
  const known = { ...state, asked: participants, inLog: true };
  if (decision === null) return decide(known, 'abort', 'coordinator-lost');
  return tell({ ...known, decision, untold: participants }, participants);
}

/** Whether everybody concerned knows the decision. */
export function isEnded({ decision, untold }: Transaction): boolean {
  return decision !== null && untold.length === 0;
}

function askNext(state: Transaction): Next {
  const { participants, switches, votes, asked } = state;
  const last = participants.at(-1);
  const open = participants.filter((name) => !asked.includes(name));
  const others = switches.lastResource ? open.filter((name) => name !== last) : open;
  const waiting = asked.some((name) => votes[name] === undefined);
  if (others.length > 0) {
    if (switches.branches === 'parallel') return ask(state, others, 'prepare');
    return waiting ? same(state) : ask(state, others.slice(0, 1), 'prepare');
  }
  if (waiting || last === undefined || asked.includes(last)) return same(state);
  const nobodyWrote = Object.values(votes).every((vote) => vote === 'read-only');
  // With a begin record and no decision, a new coordinator would abort what has committed.
  if (!nobodyWrote || switches.presume === 'nothing') return ask(state, [last], 'prepare');
  return ask({ ...state, onePhase: true }, [last], 'commit-one-phase');
}

function ask(state: Transaction, names: readonly string[], what: Ask): Next {
  const send = names.map((to) => ({ to, ask: what }));
  return { state: { ...state, asked: [...state.asked, ...names] }, log: null, send };
}

/** The commit point: from here on the decision never changes. */
function decide(state: Transaction, decision: Decision, reason: string | null): Next {
  // Who voted no has kept nothing, who voted read-only has nothing to keep. Who has not voted may
  // be prepared, or be it later.
  const concerned = state.asked.filter((name) => {
    const vote = state.votes[name];
    return vote === 'yes' || (vote === undefined && decision === 'abort');
  });
  const decided = { ...state, decision, reason, untold: concerned };
  if (concerned.length === 0) return ended(decided);
  if (decision === 'abort' && state.switches.presume === 'abort') return tell(decided, concerned);
  const log = { kind: 'decided', decision, reason, participants: concerned } as const;
  return { ...tell({ ...decided, inLog: true }, concerned), log };
}

function tell(state: Transaction, names: readonly string[]): Next {
  const { decision } = state;
  const send = decision === null ? [] : names.map((to) => ({ to, ask: decision }));
  return { state, log: null, send };
}

function lost(state: Transaction, from: string, reason: string): Next {
  if (state.decision !== null) return tell(state, state.untold.includes(from) ? [from] : []);
  if (state.votes[from] !== undefined) return same(state);
  // It may have committed: only its own answer can tell, so it is asked until it answers.
  if (state.onePhase) return { ...same(state), send: [{ to: from, ask: 'commit-one-phase' }] };
  return decide(state, 'abort', reason);
}

function acknowledged(state: Transaction, from: string): Next {
  if (!state.untold.includes(from)) return same(state);
  const told = { ...state, untold: state.untold.filter((name) => name !== from) };
  return told.untold.length === 0 ? ended(told) : same(told);
}

function ended(state: Transaction): Next {
  return { state, log: state.inLog ? { kind: 'ended' } : null, send: [] };
}

function same(state: Transaction): Next {
  return { state, log: null, send: [] };
}
