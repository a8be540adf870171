import type { Coordination } from '@indoubt/contracts';
import type { Violation } from './violation.ts';

export type Verdict = 'holds' | 'broken' | 'unknown';

/** One invariant after a run. `detail`: the evidence; when broken, the rows that conflict. */
export interface InvariantResult {
  id: string;
  title: string;
  holds: boolean;
  detail: string;
  /** The first of the rows that conflict, as data; none when it holds. */
  violations: Violation[];
  /** What of the record made it inevitable; null when it holds, or when nobody can say. */
  because: Because | null;
}

/** The event of the record after which an invariant could not hold any more. */
export interface Because {
  event: string;
  /** Milliseconds since the scenario's first request. */
  atMs: number;
  process: string;
  text: string;
  traceId: string | null;
}

/** A line of the story: what `--verbose`, `--json` and the narration read. */
export interface TimelineEntry {
  /** Milliseconds since the scenario's first request. */
  atMs: number;
  process: string;
  event: string;
  orderId: string | null;
  /** One sentence, as narrated. */
  text: string;
}

/** The same story played in several ways, side by side; what is in it is a scenario's own. */
export interface Comparison {
  title: string;
  columns: string[];
  /** A value for each column. */
  rows: { what: string; values: string[] }[];
  /** How it was measured. */
  notes: string[];
}

/** What a scenario says must be true at its end, beside the invariants. */
export interface Expectation {
  title: string;
  holds: boolean;
  detail: string;
}

/**
 * Version of what is stored of a run: its result and its record. Raise it when a field of either or
 * the name of an event changes: a run of another version cannot be shown. Version 1 was not stored.
 */
export const RUN_VERSION = 2;

/** The document of `scenario run --json`. Documented in docs/json.md. */
export interface RunResult {
  version: typeof RUN_VERSION;
  scenario: string;
  coordination: Coordination;
  seed: number;
  verdict: Verdict;
  durationMs: number;
  invariants: InvariantResult[];
  expectations: Expectation[];
  /** Null unless the scenario compares something. */
  comparison: Comparison | null;
  orders: { id: string; status: string; reason: string | null }[];
  timeline: TimelineEntry[];
  traceIds: string[];
  /** Links to the traces in Jaeger; empty when none is up. */
  traceUrls: string[];
  /** Why there are no links; null when there are. */
  tracesProblem: string | null;
  runDir: string;
  /** The run as one page, to be opened in a browser; null when it could not be written. */
  report: string | null;
  /** The command that does the same again. */
  again: string;
  /** Faults that were armed from the start, in the grammar of CHAOS. */
  faults: string[];
  endpoints: Endpoints;
  /** Why the verdict is unknown; null otherwise. */
  problem: string | null;
}

/** Everything an outside program needs to drive and check a lab. */
export interface Endpoints {
  services: { name: string; url: string; pid: number }[];
  /** postgres:// URL of each service's own database, password included. */
  databases: Record<string, string>;
  brokers: string[];
  /** Put before each topic and consumer group of this lab. */
  topicPrefix: string;
  jaegerUrl: string | null;
  /** The lab's secret: for its control endpoints. */
  secret: string;
}

/** A `tracesProblem`: nothing went wrong, and nobody takes spans. */
export const NO_JAEGER = 'no Jaeger answers';
