import type { RecordLine } from '@indoubt/record';
import type { ClientOperation } from '../../evidence/history/history-of.ts';
import type { Snapshot } from '../../evidence/snapshot/snapshot.ts';
import type { Acted } from './act-on-lab.ts';

/** Counts of a storm, from the record of the run and the rows at its end. */
export interface StormCounts {
  /** Orders that clients placed. */
  orders: number;
  /** By the rows of the order service, regardless of the answers to clients. */
  confirmed: number;
  rejected: number;
  /** Orders whose client never got a final answer. */
  unknown: number;
  /** Faults that took effect: armed faults, and signals to processes and servers. */
  faults: number;
  /** Restarts of processes and servers. */
  restarts: number;
  /** Messages that a consumer received again. */
  redeliveries: number;
}

/** How often each kind of fault took effect, the most frequent first. */
export type FaultKinds = { kind: string; count: number }[];

type Placing = Extract<ClientOperation, { kind: 'place-order' }>;

interface Seen {
  lines: readonly RecordLine[];
  after: Pick<Snapshot, 'orders' | 'history'>;
  acted: readonly Acted[];
}

/** Pure. */
export function countStorm(seen: Seen): StormCounts {
  const { lines, after, acted } = seen;
  const ended = (status: string) => after.orders.filter((order) => order.status === status).length;
  // Retries have the same key, so they are one order.
  const placings = after.history.filter((each) => each.kind === 'place-order');
  const placed = [...Map.groupBy(placings, ({ key }) => key).values()];
  return {
    orders: placed.length,
    confirmed: ended('CONFIRMED'),
    rejected: ended('REJECTED'),
    unknown: placed.filter((all) => !all.some(hasFinalAnswer)).length,
    faults: faultKinds(seen).reduce((sum, { count }) => sum + count, 0),
    restarts: restartsOf(lines, acted),
    redeliveries: redeliveriesOf(lines),
  };
}

/** Whether the order was accepted or finally refused. A key in use is not a final answer. */
function hasFinalAnswer({ outcome, code }: Placing): boolean {
  return outcome === 'ok' || (outcome === 'refused' && code !== 'idempotency-key-in-use');
}

/** Pure. */
export function faultKinds({ lines, acted }: Omit<Seen, 'after'>): FaultKinds {
  const struck = [...lines.flatMap(kindOfHit), ...acted.flatMap(kindOfAct)];
  return [...Map.groupBy(struck, (kind) => kind)]
    .map(([kind, { length }]) => ({ kind, count: length }))
    .toSorted((one, other) => other.count - one.count || one.kind.localeCompare(other.kind));
}

/** A variant is part of the code, so it does not count as a fault. */
function kindOfHit(line: RecordLine): string[] {
  if (line.kind !== 'event') return [];
  if (line.event === 'process-paused') return ['SIGSTOP'];
  if (line.event !== 'failpoint-hit' && line.event !== 'fault-hit') return [];
  const { event, action, name } = line;
  if (action === 'variant') return [];
  const where = event === 'failpoint-hit' ? 'at a crash point' : placeOf(name);
  return [`${action} ${where}`];
}

function placeOf(name: string): string {
  if (name.includes('->')) return 'on a link';
  return name === 'payment' ? 'of a payment' : 'of a message';
}

function kindOfAct({ kind, what, notDone }: Acted): string[] {
  if (notDone !== null) return [];
  if (kind === 'kill') return ['SIGKILL'];
  if (kind !== 'server') return [];
  return [what.includes('kafka') ? 'Kafka killed' : 'Postgres killed'];
}

function restartsOf(lines: readonly RecordLine[], acted: readonly Acted[]): number {
  const started = lines.filter((line) => line.kind === 'event' && line.event === 'process-started');
  const names = new Set(started.map(({ process }) => process));
  const copies = acted.filter(({ kind }) => kind === 'copy').length;
  const servers = acted.filter(({ kind, notDone }) => kind === 'server' && notDone === null).length;
  return started.length - names.size - copies + servers;
}

function redeliveriesOf(lines: readonly RecordLine[]): number {
  const received = lines.filter(
    (line) => line.kind === 'event' && line.event === 'message-received',
  );
  return received.length - new Set(received.map(({ messageId }) => messageId)).size;
}
