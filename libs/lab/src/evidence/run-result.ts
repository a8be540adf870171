import type { Coordination } from '@indoubt/contracts';
import type { Violation } from './violation.ts';

export type Verdict = 'holds' | 'broken' | 'unknown';

/** One invariant after a run. `detail`: the evidence; when broken, the rows that conflict. */
export interface InvariantResult {
  id: string;
  title: string;
  holds: boolean;
  detail: string;
  /** The first conflicting rows, as data; empty when the invariant holds. */
  violations: Violation[];
  /**
   * The event that made the violation inevitable; null when the invariant holds or no event was
   * found.
   */
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

/** A line of the timeline, for `--verbose`, `--json` and the narration. */
export interface TimelineEntry {
  /** Milliseconds since the scenario's first request. */
  atMs: number;
  process: string;
  event: string;
  orderId: string | null;
  /** One sentence, as narrated. */
  text: string;
}

/** The same scenario in several variants side by side. The content depends on the scenario. */
export interface Comparison {
  title: string;
  columns: string[];
  /** A value for each column. */
  rows: { what: string; values: string[] }[];
  /** How it was measured. */
  notes: string[];
}

/** A check of the scenario itself, beside the invariants. */
export interface Expectation {
  title: string;
  holds: boolean;
  detail: string;
}

/**
 * Version of the stored result and record of a run. Raise it when a field of either or the name of
 * an event changes: a run of another version cannot be shown. Runs of version 1 have no version
 * field.
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
  /** Links to the traces in Jaeger; empty when Jaeger is not running. */
  traceUrls: string[];
  /** Why there are no links; null when there are. */
  tracesProblem: string | null;
  runDir: string;
  /** Path of the HTML report; null when the report could not be written. */
  report: string | null;
  /** The command that repeats the run. */
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
  /** Prefix of each topic and consumer group of this lab. */
  topicPrefix: string;
  jaegerUrl: string | null;
  /** Secret for the control endpoints of the lab. */
  secret: string;
}

/** The `tracesProblem` when Jaeger is not running. The lab does not report it as an error. */
export const NO_JAEGER = 'no Jaeger answers';
