import type { EventLine } from '@indoubt/record';
import type { RecordedSpan } from '../../evidence/record/otlp-traces.ts';
import type { Draft } from './draft.ts';
import { isKnownLifeline } from './lifelines.ts';
import type { Story } from './read-story.ts';

const CLIENT = 2;
const SERVER = 1;
const REFUSED = 400;

/**
 * What services ask each other: a request from each client span to whoever served it, and the
 * answer, or that none came. Only of spans that work for an order: what the clock does, and the
 * lab, is left out.
 */
export function httpSteps(story: Story): Draft[] {
  const served = servedBy(story.spans);
  const votes = story.events.flatMap(({ id, line }) =>
    line.event === 'vote-received' ? [{ id, line }] : [],
  );
  const questions = story.spans.filter(isQuestion).toSorted(byStart);
  const asked = questions.flatMap((span): Exchange[] => {
    const order = story.orderOfSpan(span);
    if (order === null) return [];
    const servers = served.get(span.line.spanId) ?? [];
    return [{ span, order, servers, to: targetOf(span, servers), inVain: [] }];
  });
  const isAgain = repetitions();
  return folded(asked).flatMap((one) => stepsOf(story, one, isAgain(one), votes));
}

/** Whether the same process has asked the same for the same order before. */
function repetitions(): (one: Exchange) => boolean {
  const asked = new Set<string>();
  return ({ order, span: { line } }) => {
    const question = `${order} ${line.process} ${line.name}`;
    const isAgain = asked.has(question);
    asked.add(question);
    return isAgain;
  };
}

function byStart(one: RecordedSpan, other: RecordedSpan): number {
  return one.line.startedAt - other.line.startedAt;
}

interface Exchange {
  span: RecordedSpan;
  order: string;
  /** One for each time that it was sent and arrived. */
  servers: RecordedSpan[];
  to: string;
  /** The same question, asked again and again and as much in vain as this one. */
  inVain: RecordedSpan[];
}

/** The client's own requests are in its events. */
function isQuestion({ line }: RecordedSpan): boolean {
  const isHttp = line.attributes['url.full'] !== undefined;
  return line.spanKind === CLIENT && isHttp && line.process !== 'client';
}

function servedBy(spans: readonly RecordedSpan[]): Map<string, RecordedSpan[]> {
  const servers = spans.filter(({ line }) => line.spanKind === SERVER);
  return Map.groupBy(servers, ({ line }) => line.parentSpanId ?? '');
}

/** Who served it; when nobody did, whom the name of the circuit breaker names. */
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
  if (isInVain(one)) return [{ ...there, atMs, ...vain(story, one, `${name}: ${why}`) }];
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

/** The vote that an answer carried: the coordinator notes it the moment it has it. */
function voteIn(votes: readonly Vote[], { line, endedAt }: RecordedSpan, from: string) {
  const told = votes.find(
    ({ line: vote }) =>
      vote.traceId === line.traceId &&
      vote.from === from &&
      line.name === `prepare ${from}` &&
      vote.pid === line.pid &&
      vote.at >= (endedAt ?? 0),
  );
  if (told === undefined) return undefined;
  const { vote, reason } = told.line;
  const kind = vote === 'no' ? ('refusal' as const) : ('answer' as const);
  return { event: told.id, kind, text: `votes ${vote}${reason === null ? '' : `, ${reason}`}` };
}

/** It reached nobody; or was not even sent: the circuit breaker was open, or no time was left. */
function vain(story: Story, { span, inVain, to }: Exchange, words: string) {
  const { process } = span.line;
  const last = inVain.at(-1);
  const wasSent = !/not asked|not sent/.test(words);
  const text = last === undefined ? words : `${words}, ${inVain.length + 1} times`;
  const untilMs = last === undefined ? null : story.msOf(last.line.startedAt);
  return wasSent
    ? { kind: 'lost' as const, to, text, untilMs }
    : { kind: 'note' as const, to: process, text, untilMs };
}

function statusOf({ line }: RecordedSpan): number | null {
  const status = line.attributes['http.response.status_code'];
  return typeof status === 'number' ? status : null;
}

function isInVain({ span, servers }: Pick<Exchange, 'span' | 'servers'>): boolean {
  return span.endedAt !== null && servers.length === 0 && statusOf(span) === null;
}

/** Who asks in vain asks again and again: that is one step, with its count and its length. */
function folded(exchanges: readonly Exchange[]): Exchange[] {
  const kept: Exchange[] = [];
  const open = new Map<string, Map<string, Exchange>>();
  for (const one of exchanges) {
    const { line, failed } = one.span;
    const between = `${one.order} ${line.process} ${one.to}`;
    if (!isInVain(one)) open.delete(between);
    const same = open.get(between) ?? new Map<string, Exchange>();
    const question = `${line.name} ${lastWords(failed ?? '')}`;
    const first = same.get(question);
    if (first !== undefined) first.inVain.push(one.span);
    else kept.push(one);
    if (first === undefined && isInVain(one)) open.set(between, same.set(question, one));
  }
  return kept;
}

const WORDS_MAX = 80;

/** Of `Failure: charge card: POST /charges: no answer in time` the last part. */
export function lastWords(failed: string): string {
  return (failed.split(': ').at(-1) ?? failed).slice(0, WORDS_MAX);
}
