import type { EventLine } from '@indoubt/record';
import type { RecordedSpan } from '../../evidence/record/otlp-traces.ts';
import type { Draft } from './draft.ts';
import { isKnownLifeline } from './lifelines.ts';
import type { Story } from './read-story.ts';

const CLIENT = 2;
const SERVER = 1;
const REFUSED = 400;

/**
 * Requests between services: a request from each client span to its server, and the response or its
 * loss. Only spans that work for an order: requests of timers and of the lab are left out.
 */
export function httpSteps(story: Story): Draft[] {
  const served = servedBy(story.spans);
  const votes = story.events.flatMap(({ id, line }) =>
    line.event === 'vote-received' ? [{ id, line }] : [],
  );
  const requestSpans = story.spans.filter(isRequest).toSorted(byStart);
  const exchanges = requestSpans.flatMap((span): Exchange[] => {
    const order = story.orderOfSpan(span);
    if (order === null) return [];
    const servers = served.get(span.line.spanId) ?? [];
    return [{ span, order, servers, to: targetOf(span, servers), failedAttempts: [] }];
  });
  const isAgain = repetitions();
  return folded(exchanges).flatMap((one) => stepsOf(story, one, isAgain(one), votes));
}

/** Whether the same process has sent the same request for the same order before. */
function repetitions(): (one: Exchange) => boolean {
  const seen = new Set<string>();
  return ({ order, span: { line } }) => {
    const request = `${order} ${line.process} ${line.name}`;
    const isAgain = seen.has(request);
    seen.add(request);
    return isAgain;
  };
}

function byStart(one: RecordedSpan, other: RecordedSpan): number {
  return one.line.startedAt - other.line.startedAt;
}

interface Exchange {
  span: RecordedSpan;
  order: string;
  /** Server spans: one for each attempt that arrived. */
  servers: RecordedSpan[];
  to: string;
  /** Further failed attempts of the same request. */
  failedAttempts: RecordedSpan[];
}

/** Whether the span is a request of a service. Requests of the client are events. */
function isRequest({ line }: RecordedSpan): boolean {
  const isHttp = line.attributes['url.full'] !== undefined;
  return line.spanKind === CLIENT && isHttp && line.process !== 'client';
}

function servedBy(spans: readonly RecordedSpan[]): Map<string, RecordedSpan[]> {
  const servers = spans.filter(({ line }) => line.spanKind === SERVER);
  return Map.groupBy(servers, ({ line }) => line.parentSpanId ?? '');
}

/**
 * The process that served the request; if no process did, the target in the name of the circuit
 * breaker.
 */
function targetOf({ line }: RecordedSpan, servers: readonly RecordedSpan[]): string {
  const [server] = servers;
  if (server !== undefined) return server.line.process;
  const name = wordIn(line.attributes['breaker.name']).split(',')[0] ?? '';
  return isKnownLifeline(name) ? name : wordIn(line.attributes['server.address']);
}

function wordIn(attribute: unknown): string {
  return typeof attribute === 'string' ? attribute : '?';
}

function stepsOf(story: Story, one: Exchange, isAgain: boolean, votes: readonly Vote[]): Draft[] {
  const { span, order, servers, to } = one;
  const { line, endedAt, failed } = span;
  const { process: from, name, traceId } = line;
  const base = { order, traceId, untilMs: null };
  const atMs = story.msOf(line.startedAt);
  const there = { ...base, from, to };
  const back = { ...base, from: to, to: from };
  const status = statusOf(span);
  const why = failed === null ? '' : lastWords(failed);
  if (isFailed(one)) return [{ ...there, atMs, ...failedStep(story, one, `${name}: ${why}`) }];
  const requests = [
    isAgain
      ? { ...there, atMs, kind: 'retry' as const, text: `${name}, again` }
      : { ...there, atMs, kind: 'request' as const, text: name },
    ...servers.slice(1).map((server) => {
      const again = story.msOf(server.line.startedAt);
      return { ...there, atMs: again, kind: 'retry' as const, text: `${name}, sent again` };
    }),
  ];
  if (endedAt === null) return requests;
  const answered = { ...back, atMs: story.msOf(endedAt) };
  if (status === null) return [...requests, { ...answered, kind: 'lost', text: why }];
  const vote = voteIn(votes, span, to);
  if (vote !== undefined) return [...requests, { ...answered, ...vote }];
  const kind = status >= REFUSED ? 'refusal' : 'answer';
  return [...requests, { ...answered, kind, text: `${status}${why && `: ${why}`}` }];
}

interface Vote {
  id: number;
  line: EventLine<'vote-received'>;
}

/** The vote in a response: the coordinator records the vote when it receives the response. */
function voteIn(votes: readonly Vote[], { line, endedAt }: RecordedSpan, from: string) {
  const received = votes.find(
    ({ line: vote }) =>
      vote.traceId === line.traceId &&
      vote.from === from &&
      line.name === `prepare ${from}` &&
      vote.pid === line.pid &&
      vote.at >= (endedAt ?? 0),
  );
  if (received === undefined) return undefined;
  const { vote, reason } = received.line;
  const kind = vote === 'no' ? ('refusal' as const) : ('answer' as const);
  return { event: received.id, kind, text: `votes ${vote}${reason === null ? '' : `, ${reason}`}` };
}

/**
 * A step for a request that reached no server, or was not sent because the circuit breaker was open
 * or no time was left.
 */
function failedStep(story: Story, { span, failedAttempts, to }: Exchange, words: string) {
  const { process } = span.line;
  const last = failedAttempts.at(-1);
  const wasSent = !words.includes('not sent');
  const text = last === undefined ? words : `${words}, ${failedAttempts.length + 1} times`;
  const untilMs = last === undefined ? null : story.msOf(last.line.startedAt);
  return wasSent
    ? { kind: 'lost' as const, to, text, untilMs }
    : { kind: 'note' as const, to: process, text, untilMs };
}

function statusOf({ line }: RecordedSpan): number | null {
  const status = line.attributes['http.response.status_code'];
  return typeof status === 'number' ? status : null;
}

function isFailed({ span, servers }: Pick<Exchange, 'span' | 'servers'>): boolean {
  return span.endedAt !== null && servers.length === 0 && statusOf(span) === null;
}

/** Folds repeated failed requests into one step, with their count and duration. */
function folded(exchanges: readonly Exchange[]): Exchange[] {
  const steps: Exchange[] = [];
  const open = new Map<string, Map<string, Exchange>>();
  for (const one of exchanges) {
    const { line, failed } = one.span;
    const between = `${one.order} ${line.process} ${one.to}`;
    if (!isFailed(one)) open.delete(between);
    const same = open.get(between) ?? new Map<string, Exchange>();
    const request = `${line.name} ${lastWords(failed ?? '')}`;
    const first = same.get(request);
    if (first !== undefined) first.failedAttempts.push(one.span);
    else steps.push(one);
    if (first === undefined && isFailed(one)) open.set(between, same.set(request, one));
  }
  return steps;
}

const WORDS_MAX = 80;

/** The last part of `Failure: charge card: POST /charges: no answer in time`. */
export function lastWords(failed: string): string {
  return (failed.split(': ').at(-1) ?? failed).slice(0, WORDS_MAX);
}
