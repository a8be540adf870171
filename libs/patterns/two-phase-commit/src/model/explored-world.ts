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
 * One transaction, its coordinators and participants, the log and the network, as one state. What
 * makes it small enough to be explored without leaving anything out:
 * - A message is never taken away once it is sent: whoever it is for may receive it at any time,
 *   any number of times, or never. That is delay, reordering, duplication and loss in one.
 * - Nobody has to go on. A coordinator that has died is one that takes no step any more, and one
 *   that was paused takes its next step late. If it died before it had sent all its messages, the
 *   others are as if they were lost.
 * @see Gray and Lamport, "Consensus on Transaction Commit" (2006), whose specification does so too
 */
export interface World {
  /** The client's request to begin: it was sent to the first coordinator, and not again. */
  readonly request: 'coming' | 'gone';
  /** The transaction's row in the decision log. */
  readonly row: Row | null;
  /** The newest is the last: its epoch is their number. */
  readonly coordinators: readonly Memory[];
  readonly places: Readonly<Record<string, Place>>;
  /** What the coordinator that began it has answered to the client. */
  readonly outcome: Decision | null;
  /** What must not happen, and just did. */
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
  /** A record that it has yet to write, when it is one that tells first. */
  readonly unlogged: LogRecord | null;
}

/** A participant, with all messages that were ever sent to it and by it. */
export interface Place {
  /** At work: nothing of it is on disk, and a crash leaves nothing of it. */
  readonly branch: Branch | 'working';
  readonly messages: readonly Message[];
}

export type Message = Command | Vote | 'done';

/** Ways to get the protocol wrong, to see that the exploration finds out. */
export type Broken =
  | 'nothing is logged'
  | 'no epoch fence'
  | 'told before logged'
  | 'voted before prepared'
  | 'no tombstone'
  | 'no tombstone for a no to commit-one-phase'
  | 'aborts alone while prepared'
  | 'what was presumed is not remembered'
  | 'nobody asks';

export interface Rules {
  switches: Switches;
  participants: readonly string[];
  /** The first, and those that take over from it. */
  coordinatorsMax: number;
  broken: Broken | null;
  /** Participants may give up, at any time, a branch that they have not prepared. */
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

/** @returns the very same world when it was sent before: then nothing has happened */
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

/** Participants that are asked all at once are alike: which of them it was makes no difference. */
export function keyOf({ participants, switches }: Rules, world: World): string {
  const { row, coordinators } = world;
  const each = participants.map((name) => partOf(world, name));
  const others = switches.branches === 'sequential' ? 0 : each.length;
  const alike = switches.lastResource ? Math.max(0, others - 1) : others;
  const parts = [...each.slice(0, alike).toSorted(), ...each.slice(alike)];
  const memories = coordinators.map(({ transaction, unlogged }) =>
    transaction === null ? '-' : [transaction.decision, transaction.onePhase, unlogged?.kind],
  );
  const rest = [world.request, world.outcome, world.wrong, row?.decision, row?.ended];
  return [...parts, ...memories, rest].join('|');
}

/** All that is known of one participant, everywhere. */
function partOf(world: World, name: string): string {
  const { branch, messages } = placeOf(world, name);
  const known = world.coordinators.map(({ transaction }) => {
    if (transaction === null) return '-';
    const { contacted, votes, unacknowledged } = transaction;
    return `${contacted.includes(name)} ${votes[name]} ${unacknowledged.includes(name)}`;
  });
  return [branch, messages, world.row?.participants.includes(name), known].join(' ');
}
