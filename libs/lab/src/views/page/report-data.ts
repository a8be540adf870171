import type { Row } from '../../evidence/rows/row.ts';
import type { SequenceModel } from './sequence-model.ts';

/**
 * All data of one run that its page shows, as plain JSON. Times are milliseconds since the run's
 * first request, and negative before it. The `id` of an event is its index in the record. All
 * views refer to events by `id`, so that an event selected in one view is selected in all.
 */
export interface ReportData {
  scenario: string;
  coordination: 'saga' | '2pc';
  seed: number;
  /** Time of the first request; ISO 8601. */
  startedAt: string;
  verdict: 'holds' | 'broken' | 'unknown';
  /** Why the verdict is unknown, or a problem other than a broken check; else null. */
  problem: string | null;
  durationMs: number;
  /** The command that repeats the run. */
  again: string;
  /** Texts of the scenario; null when it is no longer in the checkout. */
  about: { fault: string; teaches: string; story: string } | null;
  orders: ReportOrder[];
  /** How many orders the run had; `orders` has only some of very many. */
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
  /** One sentence for each part that was left out to limit the size of the page. */
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
  /** Label of the event's order; null when the event is about no order. */
  order: string | null;
  /** Name of the event in the record, such as `message-sent`. */
  event: string;
  text: string;
  mark: Mark;
  isDetail: boolean;
  traceId: string | null;
  spanId: string | null;
}

/** The kind of an event. Each has a symbol and a colour, and a word in the text. */
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
  /** Links to further spans that caused this span, of any trace. */
  links: { traceId: string; spanId: string }[];
  process: string;
  name: string;
  startMs: number;
  /** Null when the process died before the end of the span. */
  endMs: number | null;
  error: string | null;
  attributes: Record<string, string | number | boolean>;
  /** Ids of the events that happened in the span. */
  events: number[];
}

export interface ReportDatabase {
  /** Service that owns the table: order, payment, inventory, coordinator. */
  owner: string;
  tables: ReportTable[];
}

/** The rows of a table before and after the run, and every change that a poll between saw. */
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
  /** Time of the poll that first saw the change; the row changed since the poll before. */
  atMs: number;
  /**
   * The event that most likely made the change: the first possible event after the row was written,
   * if the row has a time, else the last possible event before that poll. Null if none is possible.
   */
  event: number | null;
  kind: 'added' | 'changed' | 'removed';
  /** The row after the change; for a removed row, the row before. */
  row: Row;
  /** Names of the columns that changed; empty unless `changed`. */
  columns: string[];
  /** Label of the order that the row belongs to; null for a row of no order. */
  order: string | null;
}

/** One message of an outbox, with its places over time. */
export interface ReportMessage {
  messageId: string;
  /** Service that sent the message from its outbox. */
  owner: string;
  step: string;
  topic: string;
  order: string | null;
  /**
   * In the order of time: `outbox`, `kafka`, `received`, `retried`, `handled`, `ignored`, `fault`
   * (a fault of the lab struck the message), `dead-letter`.
   */
  places: { place: string; atMs: number; event: number | null; process: string; note: string }[];
  /** The row of the receiver's inbox, as JSON; null when it has none. */
  inbox: Row | null;
}

/** A prepared transaction: from its vote to its end, or as long as polls of the database saw it. */
export interface PreparedInterval {
  owner: string;
  gid: string;
  order: string | null;
  fromMs: number;
  /** Null when the transaction is still prepared at the end of the run. */
  untilMs: number | null;
  event: number | null;
}

/** A session that waited for the lock of another session, as long as the polls saw it. */
export interface LockWait {
  owner: string;
  /** The beginning of the statement that waited. */
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
  /** Events at which the fault struck. */
  events: number[];
}

export interface ReportCheck {
  /** `INV-3`, or empty for an expectation of the scenario itself. */
  id: string;
  title: string;
  holds: boolean;
  evidence: string;
  /** The event that broke the check; null when the check holds or the event is unknown. */
  event: number | null;
}
