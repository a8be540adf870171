import type { EventLine, EventName, RecordLine } from '@indoubt/record';
import { type RecordedSpan, spansOf } from '../../evidence/record/otlp-traces.ts';

/** The services that do an order's work, each on rows of its own. */
const OWNERS = ['inventory', 'payment', 'order'] as const;
type Owner = (typeof OWNERS)[number];

/** What one order cost, as the record tells it. Milliseconds; null where the record is silent. */
export interface MeasuredOrder {
  status: string | null;
  /** From the client's POST until its answer. */
  answeredMs: number | null;
  /** From the client's POST until the order was CONFIRMED or REJECTED. */
  endedMs: number | null;
  /** The longest transaction of each: from BEGIN to the end of COMMIT or PREPARE TRANSACTION. */
  workedMs: Record<Owner, number | null>;
  /** How long its rows may have been locked: as above, but a prepared one until it was ended. */
  lockedMs: Record<Owner, number | null>;
  kafkaMessages: number;
  /** Between services: a request and its answer are two. */
  httpMessages: number;
  /** Those of them that asked for the decision, in doubt. */
  inDoubtMessages: number;
  /** Commits that waited for the disk. */
  flushedCommits: number;
  /** Those of them by which relays marked messages as sent. */
  relayCommits: number;
}

/** Each is a commit of its own; the coordinator's `log ended` is left out: nobody waits for it. */
const RELAY_COMMIT = 'mark published';
const FLUSHED = [
  'transaction',
  'commit prepared',
  'rollback prepared',
  'log begun',
  'log decided',
  RELAY_COMMIT,
];
const ASKED_IN_DOUBT = 'ask for the decision';

/**
 * Measures one order in a record that is complete. What several orders share (a batch of messages,
 * handled in one transaction) counts in full for each. Every transaction is taken for one that
 * wrote or locked rows, which is flushed too. The tombstones of an abort leave no span: it counts
 * up to three commits too few. Pure.
 */
export function measureOrder(lines: readonly RecordLine[], orderId: string): MeasuredOrder {
  const all = lines.filter((line) => line.kind === 'event');
  const events = all.filter((line) => line.orderId === orderId);
  const traceId = events.find(({ event }) => event === 'order-placed')?.traceId;
  const asked = all.find((line) => line.event === 'client-request' && line.traceId === traceId);
  const since = (event: EventName): number | null => {
    const at = events.find((line) => line.event === event)?.at;
    return at === undefined || asked === undefined ? null : at - asked.at;
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
    inDoubtMessages: messagesOf(http.filter(({ line }) => line.name === ASKED_IN_DOUBT)),
    flushedCommits: flushed.length,
    relayCommits: flushed.filter(({ line }) => line.name === RELAY_COMMIT).length,
  };
}

/** The spans of a trace, and of those that were begun for several traces, this one among them. */
function ofTrace(spans: RecordedSpan[], traceId: string | undefined): RecordedSpan[] {
  if (traceId === undefined) return [];
  const shared = spans.filter(({ line }) => line.links?.some((link) => link.traceId === traceId));
  const traces = new Set([traceId, ...shared.map(({ line }) => line.traceId)]);
  return spans.filter(({ line }) => traces.has(line.traceId));
}

/** COMMIT PREPARED of what was ended before writes nothing: 42704, no such gid. */
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

/** @param until  when what it prepared was ended; undefined: each transaction ended itself */
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

/** A request from one service to another; what the lab's client asks is no cost of the way. */
function isHttp({ line }: RecordedSpan): boolean {
  const { process, spanKind, attributes } = line;
  return spanKind === CLIENT_KIND && process !== 'client' && 'http.request.method' in attributes;
}

/** In doubt, a participant asks outside of the order's trace; the path says about which. */
function names({ line }: RecordedSpan, orderId: string): boolean {
  return String(line.attributes['url.full']).includes(orderId);
}

/** A request that was never answered is one message, as far as anybody can say. */
function messagesOf(spans: RecordedSpan[]): number {
  const answered = spans.filter(({ line }) => 'http.response.status_code' in line.attributes);
  return spans.length + answered.length;
}
