import type { EventLine, EventName, RecordLine } from '@indoubt/record';
import { type RecordedSpan, spansOf } from '../../evidence/record/otlp-traces.ts';

/** Services that write rows for an order. */
const OWNERS = ['inventory', 'payment', 'order'] as const;
type Owner = (typeof OWNERS)[number];

/**
 * The costs of one order, measured from the record. Milliseconds; null where the record has no
 * data.
 */
export interface MeasuredOrder {
  status: string | null;
  /** From the POST of the client to its response. */
  answeredMs: number | null;
  /** From the POST of the client to CONFIRMED or REJECTED. */
  endedMs: number | null;
  /**
   * The longest transaction of each service: from BEGIN to the end of COMMIT or PREPARE
   * TRANSACTION.
   */
  workedMs: Record<Owner, number | null>;
  /**
   * How long rows of each service may have been locked: as above, but a prepared transaction lasts
   * until it was ended.
   */
  lockedMs: Record<Owner, number | null>;
  kafkaMessages: number;
  /** HTTP messages between services: a request and its response are two. */
  httpMessages: number;
  /** HTTP messages in which a participant in doubt requested the decision. */
  inDoubtMessages: number;
  /** Commits that were flushed to disk before they returned. */
  flushedCommits: number;
  /** Flushed commits by which relays marked messages as published. */
  relayCommits: number;
}

/**
 * Each is a separate commit. `log ended` of the coordinator is left out, because no process waits
 * for it to be on disk.
 */
const RELAY_COMMIT = 'mark published';
const FLUSHED = [
  'transaction',
  'commit prepared',
  'rollback prepared',
  'log begun',
  'log decided',
  RELAY_COMMIT,
];
const DECISION_REQUEST = 'request the decision';

/**
 * Measures one order in a complete record. Work that several orders share (a batch of messages in
 * one transaction) counts fully for each. Every transaction is assumed to write or lock rows and to
 * be flushed. Tombstones leave no span, so up to three commits of an abort are not counted. Pure.
 */
export function measureOrder(lines: readonly RecordLine[], orderId: string): MeasuredOrder {
  const all = lines.filter((line) => line.kind === 'event');
  const events = all.filter((line) => line.orderId === orderId);
  const traceId = events.find(({ event }) => event === 'order-placed')?.traceId;
  const requested = all.find((line) => line.event === 'client-request' && line.traceId === traceId);
  const since = (event: EventName): number | null => {
    const at = events.find((line) => line.event === event)?.at;
    return at === undefined || requested === undefined ? null : at - requested.at;
  };
  const spans = spansOf(lines);
  const own = ofTrace(spans, traceId);
  const flushed = own.filter((span) => hasEndedWell(span) && isFlush(span));
  const http = spans.filter((span) => isHttp(span) && (own.includes(span) || names(span, orderId)));
  const ended = events.findLast((line) => line.event === 'order-ended');
  return {
    status: ended?.status ?? null,
    answeredMs: since('client-response'),
    endedMs: since('order-ended'),
    workedMs: perOwner((owner) => longestMs(own, owner, undefined)),
    lockedMs: perOwner((owner) => longestMs(own, owner, branchEndedAt(events, owner))),
    kafkaMessages: events.filter(({ event }) => event === 'message-sent').length,
    httpMessages: messagesOf(http),
    inDoubtMessages: messagesOf(http.filter(({ line }) => line.name === DECISION_REQUEST)),
    flushedCommits: flushed.length,
    relayCommits: flushed.filter(({ line }) => line.name === RELAY_COMMIT).length,
  };
}

/** The spans of a trace, and spans of shared work that link to the trace. */
function ofTrace(spans: RecordedSpan[], traceId: string | undefined): RecordedSpan[] {
  if (traceId === undefined) return [];
  const shared = spans.filter(({ line }) => line.links?.some((link) => link.traceId === traceId));
  const traces = new Set([traceId, ...shared.map(({ line }) => line.traceId)]);
  return spans.filter(({ line }) => traces.has(line.traceId));
}

/**
 * COMMIT PREPARED of a transaction that was already ended writes nothing: error 42704, no such gid.
 */
function isFlush({ line: { name, attributes } }: RecordedSpan): boolean {
  return FLUSHED.includes(name) && attributes['db.response.status_code'] !== '42704';
}

function hasEndedWell({ endedAt, failed }: RecordedSpan): boolean {
  return endedAt !== null && failed === null;
}

function perOwner(measure: (owner: Owner) => number | null): Record<Owner, number | null> {
  const measured = OWNERS.map((owner) => [owner, measure(owner)]);
  return Object.fromEntries(measured) as Record<Owner, number | null>;
}

/** @param until  when the prepared transaction was ended; undefined: no transaction was prepared */
function longestMs(spans: RecordedSpan[], owner: Owner, until: number | undefined): number | null {
  const lengths = spans.flatMap((span) => {
    const { line, endedAt } = span;
    const isWork = line.process === owner && line.name === 'transaction' && hasEndedWell(span);
    return isWork ? [(until ?? endedAt ?? line.startedAt) - line.startedAt] : [];
  });
  return lengths.length === 0 ? null : Math.max(...lengths);
}

function branchEndedAt(events: EventLine[], owner: Owner): number | undefined {
  return events.find(
    (line) => line.event === 'branch-ended' && line.process === owner && line.how === 'done',
  )?.at;
}

const CLIENT_KIND = 2;

/** A request from one service to another. Requests of the client are not counted. */
function isHttp({ line }: RecordedSpan): boolean {
  const { process, spanKind, attributes } = line;
  return spanKind === CLIENT_KIND && process !== 'client' && 'http.request.method' in attributes;
}

/** A participant in doubt requests the decision in another trace; the order is in the path. */
function names({ line }: RecordedSpan, orderId: string): boolean {
  return String(line.attributes['url.full']).includes(orderId);
}

/** A request without a response counts as one message. */
function messagesOf(spans: RecordedSpan[]): number {
  const answered = spans.filter(({ line }) => 'http.response.status_code' in line.attributes);
  return spans.length + answered.length;
}
