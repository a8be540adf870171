import type {
  Command,
  Decision,
  LogRecord,
  Switches,
  Transaction,
  Vote,
} from '../protocol/coordinate.ts';
import type { Branch } from '../protocol/participate.ts';

/**
 * One transaction, its coordinators and participants, the log and the network, as one state. Two
 * rules make the number of states small enough to explore all of them:
 * - A sent message stays in the state. Its receiver may receive it at any time, any number of
 *   times, or never. This covers delay, reordering, duplication and loss.
 * - No process has to take a step. A dead coordinator takes no more steps, and a paused coordinator
 *   takes its next step late. If it dies before it has sent all its messages, the rest counts as
 *   lost.
 * @see Gray and Lamport, "Consensus on Transaction Commit" (2006): its model has the same rules
 */
export interface World {
  /** The client's request to begin. It is sent once, to the first coordinator. */
  readonly request: 'coming' | 'gone';
  /** The transaction's row in the decision log. */
  readonly row: Row | null;
  /** Oldest first. The epoch of the newest is the number of coordinators. */
  readonly coordinators: readonly Memory[];
  readonly places: Readonly<Record<string, Place>>;
  /** The answer of the first coordinator to the client. */
  readonly outcome: Decision | null;
  /** A violation that the last step caused, as a sentence. */
  readonly wrong: string | null;
}

export interface Row {
  readonly decision: Decision | null;
  readonly participants: readonly string[];
  readonly ended: boolean;
}

/** What a coordinator has in memory. */
export interface Memory {
  readonly transaction: Transaction | null;
  /** A record that is still to be written, by a coordinator that sends before it logs. */
  readonly unlogged: LogRecord | null;
}

/** A participant, with all messages that were ever sent to it and by it. */
export interface Place {
  /** Working: nothing of the branch is on disk, so a crash leaves nothing of it. */
  readonly branch: Branch | 'working';
  readonly messages: readonly Message[];
}

export type Message = Command | Vote | 'done';

/** Defects of the protocol that the exploration must find. */
export type Broken =
  | 'nothing is logged'
  | 'no epoch fence'
  | 'sent before logged'
  | 'voted before prepared'
  | 'no tombstone'
  | 'no tombstone for a no to commit-one-phase'
  | 'aborts alone while prepared'
  | 'presumed aborts are not remembered'
  | 'no recovery';

export interface Rules {
  switches: Switches;
  participants: readonly string[];
  /** Number of coordinators: the first, and its successors. */
  coordinatorsMax: number;
  broken: Broken | null;
  /** Participants may abandon, at any time, a branch that they have not prepared. */
  abandons?: true;
}

export const IDLE: Memory = { transaction: null, unlogged: null };
const NOWHERE: Place = { branch: 'unknown', messages: [] };

export function startOf({ participants }: Rules): World {
  return {
    request: 'coming',
    row: null,
    coordinators: [IDLE],
    places: Object.fromEntries(participants.map((name) => [name, NOWHERE])),
    outcome: null,
    wrong: null,
  };
}

export function placeOf({ places }: World, name: string): Place {
  return places[name] ?? NOWHERE;
}

export function transactionOf({ coordinators }: World, index: number): Transaction | null {
  return coordinators[index]?.transaction ?? null;
}

/** Whether a message was ever sent to, or by, this participant. */
export function wasSent(world: World, name: string, message: Message): boolean {
  return placeOf(world, name).messages.includes(message);
}

/** @returns the same object when the message was sent before, since nothing changes then */
export function withSent(world: World, name: string, message: Message): World {
  const { branch, messages } = placeOf(world, name);
  if (messages.includes(message)) return world;
  const place = { branch, messages: [...messages, message].toSorted() };
  return { ...world, places: { ...world.places, [name]: place } };
}

export function withBranch(world: World, name: string, branch: Place['branch']): World {
  const { messages } = placeOf(world, name);
  return { ...world, places: { ...world.places, [name]: { branch, messages } } };
}

export function withMemory(world: World, index: number, memory: Memory): World {
  return { ...world, coordinators: world.coordinators.with(index, memory) };
}

/**
 * Participants that are contacted in parallel are interchangeable, so their parts of the key are
 * sorted.
 */
export function keyOf({ participants, switches }: Rules, world: World): string {
  const { request, row, outcome, wrong } = world;
  const each = participants.map((name) => partOf(world, name));
  const others = switches.branches === 'sequential' ? 0 : each.length;
  const alike = switches.lastResource ? Math.max(0, others - 1) : others;
  const parts = [...each.slice(0, alike).toSorted((a, b) => a - b), ...each.slice(alike)];
  const memories = world.coordinators.map(({ transaction, unlogged }) =>
    transaction === null
      ? '-'
      : `${transaction.decision} ${transaction.onePhase} ${unlogged?.kind}`,
  );
  const rest = `${request} ${outcome} ${row?.decision} ${row?.ended} ${wrong}`;
  return `${parts.join('|')}|${memories.join('|')}|${rest}`;
}

/**
 * The part of the state that concerns one participant. An exploration computes a million parts, and
 * a number is computed several times faster than a text.
 */
function partOf(world: World, name: string): number {
  const { branch, messages } = placeOf(world, name);
  let part = BRANCH_NUMBERS[branch] * 256;
  for (const message of messages) part += MESSAGE_BITS[message];
  part = part * 2 + Number(world.row?.participants.includes(name) ?? false);
  for (const { transaction } of world.coordinators) {
    part = part * 17 + (transaction === null ? 16 : contactOf(transaction, name));
  }
  return part;
}

const BRANCH_NUMBERS: Record<Place['branch'], number> = {
  unknown: 0,
  working: 1,
  prepared: 2,
  committed: 3,
  'committed-alone': 4,
  aborted: 5,
};

const MESSAGE_BITS: Record<Message, number> = {
  prepare: 1,
  'commit-one-phase': 2,
  commit: 4,
  abort: 8,
  yes: 16,
  no: 32,
  'read-only': 64,
  done: 128,
};

const VOTE_NUMBERS: Record<Vote, number> = { yes: 1, no: 2, 'read-only': 3 };

/** What a coordinator knows of a participant, as a number from 0 to 15. */
function contactOf({ contacted, votes, unacknowledged }: Transaction, name: string): number {
  const vote = votes[name];
  const voted = vote === undefined ? 0 : VOTE_NUMBERS[vote];
  return voted * 4 + Number(contacted.includes(name)) * 2 + Number(unacknowledged.includes(name));
}
