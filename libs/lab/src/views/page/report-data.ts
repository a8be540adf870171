import type { Row } from '../../evidence/rows/row.ts';
import type { SequenceModel } from './sequence-model.ts';

/**
 * Everything of one run that its page shows, as plain JSON. All times are milliseconds since the
 * run's first request; what happened before it has a negative time. An event's `id` is its place in
 * the record: it is what ties the views together, so that an event selected in one is selected in
 * all.
 */
export interface ReportData {
  scenario: string;
  coordination: 'saga' | '2pc';
  seed: number;
  /** Of the first request; ISO 8601. */
  startedAt: string;
  verdict: 'holds' | 'broken' | 'unknown';
  /** Why the verdict is unknown, or what went wrong beside the checks; null otherwise. */
  problem: string | null;
  durationMs: number;
  /** The command that repeats the run. */
  again: string;
  /** Null when the scenario is no longer in the checkout. */
  about: { fault: string; teaches: string; story: string } | null;
  orders: ReportOrder[];
  /** How many orders the run had; of very many not all are in `orders`. */
  orderCount: number;
  /** The story in words, in the order of time. */
  events: ReportEvent[];
  sequence: SequenceModel;
  spans: ReportSpan[];
  databases: ReportDatabase[];
  messages: ReportMessage[];
  prepared: PreparedInterval[];
  locks: LockWait[];
  faults: ReportFault[];
  checks: ReportCheck[];
  comparison: {
    title: string;
    columns: string[];
    rows: { what: string; values: string[] }[];
    notes: string[];
  } | null;
  /** What was left out so that the page stays small, each in a sentence. */
  leftOut: string[];
}

export interface ReportOrder {
  id: string;
  /** `A` for the first one. */
  label: string;
  status: string;
  reason: string | null;
  traceId: string | null;
}

export interface ReportEvent {
  id: number;
  atMs: number;
  process: string;
  /** Label of its order; null when it is about none. */
  order: string | null;
  /** Name in the record, such as `message-sent`. */
  event: string;
  text: string;
  mark: Mark;
  isDetail: boolean;
  traceId: string | null;
  spanId: string | null;
}

/** What kind of thing an event is; each has a symbol and a colour, and a word in the text. */
export type Mark =
  | 'plain'
  | 'good'
  | 'refused'
  | 'compensation'
  | 'again'
  | 'crash'
  | 'restart'
  | 'in-doubt'
  | 'trouble';

export interface ReportSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string | null;
  /** Spans of other traces, or of this one, that it also comes from. */
  links: { traceId: string; spanId: string }[];
  process: string;
  name: string;
  startMs: number;
  /** Null: the process died before it ended. */
  endMs: number | null;
  error: string | null;
  attributes: Record<string, string | number | boolean>;
  /** Ids of the events that happened in it. */
  events: number[];
}

export interface ReportDatabase {
  /** Its service: order, payment, inventory, coordinator. */
  owner: string;
  tables: ReportTable[];
}

/** The rows of a table before and after the run, and every change that a look in between saw. */
export interface ReportTable {
  name: string;
  /** Columns of the primary key. */
  key: string[];
  columns: string[];
  before: Row[];
  after: Row[];
  changes: RowChange[];
}

export interface RowChange {
  /** When it was first seen: the row changed between the look before and this. */
  atMs: number;
  /**
   * The event that most likely made it, of those that can have: the first since the row was
   * written, if the row says when, else the last before that look. Null when none can have.
   */
  event: number | null;
  kind: 'added' | 'changed' | 'removed';
  /** The row afterwards; of a removed one, as it was. */
  row: Row;
  /** Names of the columns that changed; empty unless `changed`. */
  columns: string[];
  /** Label of the order that the row belongs to; null when none. */
  order: string | null;
}

/** One message of the outbox: where it was when. */
export interface ReportMessage {
  messageId: string;
  /** Service whose outbox it left. */
  owner: string;
  step: string;
  topic: string;
  order: string | null;
  /**
   * In the order of time: `outbox`, `kafka`, `received`, `retried`, `handled`, `ignored`, `fault`
   * (somebody meddled with it), `dead-letter`.
   */
  places: { place: string; atMs: number; event: number | null; process: string; note: string }[];
  /** The row of the receiver's inbox, as JSON; null when it has none. */
  inbox: Row | null;
}

/** A prepared transaction: from its vote until it ended, or while looks at the database saw it. */
export interface PreparedInterval {
  owner: string;
  gid: string;
  order: string | null;
  fromMs: number;
  /** Null: still there at the end. */
  untilMs: number | null;
  event: number | null;
}

/** A session that waited for a lock of another, while the looks saw it. */
export interface LockWait {
  owner: string;
  /** What it wanted to do: the beginning of its statement. */
  statement: string;
  /** Who held the lock: another statement, or the gid of a prepared transaction. */
  heldBy: string;
  fromMs: number;
  untilMs: number | null;
  event: number | null;
}

export interface ReportFault {
  /** In the grammar of CHAOS. */
  rule: string;
  /** Events at which it struck. */
  events: number[];
}

export interface ReportCheck {
  /** `INV-3`, or empty for an expectation of the scenario itself. */
  id: string;
  title: string;
  holds: boolean;
  evidence: string;
  /** The event that made it inevitable; null when it holds or nobody can say. */
  event: number | null;
}
