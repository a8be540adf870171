import { randomBytes, randomUUID } from 'node:crypto';
import type { OrderView, PlaceOrder } from '@indoubt/contracts';
import type { RecordWriter } from '../../evidence/record/record-writer.ts';
import { hashOf } from '../../text/hash-of.ts';
import { type Answer, ask } from './ask.ts';
import { clientSpan } from './client-span.ts';
import { recordAnswer } from './record-answer.ts';
import type { HowToPost } from './scenario-client.ts';

/** One POST /orders and its answer. */
export interface Posted {
  answer: Answer;
  /** Of the order that the answer names; undefined: it names none. */
  id: string | undefined;
  traceId: string;
}

export const IN_DOUBT = 'in-doubt';
/** Two-phase commit answers when the transaction has ended; without a coordinator that is long. */
const PLACED_WITHIN_MS = 30_000;

/**
 * One POST with its line in the record before and after, and the root of the order's trace. Its
 * Idempotency-Key is its own unless one is given: whoever repeats a request gives it.
 * @throws Failure 'service-unavailable' (indefinite) when no whole answer came
 */
export async function postOrder(
  orderUrl: string,
  writer: RecordWriter,
  signal: AbortSignal,
  order: PlaceOrder,
  how: HowToPost,
): Promise<Posted> {
  const traceId = randomBytes(16).toString('hex');
  const spanId = randomBytes(8).toString('hex');
  const startedAt = performance.timeOrigin + performance.now();
  const { key = randomUUID(), caller, withinMs = PLACED_WITHIN_MS } = how;
  const body = JSON.stringify(order);
  const keyed = { key, caller: caller ?? null, request: hashOf(body) };
  const { customerId, lines } = order;
  const what = { method: 'POST', path: '/orders', customerId, lines } as const;
  const request = { ...what, traceId, spanId, ...keyed };
  writer.event('client', { event: 'client-request', ...request });
  const headers = {
    'content-type': 'application/json',
    traceparent: `00-${traceId}-${spanId}-01`,
    ...headersOf(how, key),
  };
  const url = `${orderUrl}/orders`;
  const span = { traceId, spanId, startedAt, url };
  try {
    const answer = await recordAnswer(
      () => ask(url, withinMs, signal, { method: 'POST', headers, body }),
      (end, came) => {
        const says = came === undefined ? {} : saysOfPost(came);
        writer.event('client', { event: 'client-response', ...request, ...end, ...says });
      },
    );
    const id = orderIdOf(answer);
    clientSpan(writer, span, { status: answer.status, orderId: id });
    return { answer, id, traceId };
  } catch (error) {
    clientSpan(writer, span, { error });
    throw error;
  }
}

function headersOf(how: HowToPost, key: string | null): Record<string, string> {
  const prefer = preference(how);
  return {
    ...(key !== null && { 'idempotency-key': key }),
    ...(how.caller !== undefined && { authorization: `Bearer ${how.caller}` }),
    ...(prefer !== '' && { prefer }),
  };
}

/** The `Prefer` header (RFC 7240) of an order: what was given, and nothing else. Pure. */
export function preference({ coordination, presume, branches, lastResource }: HowToPost): string {
  const parts = [
    coordination && `coordination=${coordination}`,
    presume && `presume=${presume}`,
    branches && `branches=${branches}`,
    lastResource && 'last-resource',
  ];
  return parts.filter(Boolean).join('; ');
}

/** Whether it is an earlier request's answer, given again. Pure. */
export function isReplayed({ headers }: Pick<Answer, 'headers'>): boolean {
  return headers['idempotency-replayed'] === 'true';
}

function saysOfPost(answer: Answer) {
  const { code, body } = answer;
  const retryAfterS = answer.headers['retry-after'];
  const replayed = isReplayed(answer);
  const bodyHash = hashOf(JSON.stringify(body));
  const about = { orderId: orderIdOf(answer), ...saysOfOrder(answer) };
  return { ...about, code, retryAfterS, replayed, bodyHash };
}

/** What an answer says of its order. Pure. */
export function saysOfOrder({ ok, body }: Answer) {
  if (!ok) return {};
  const { status: orderStatus, reason } = body as Partial<OrderView>;
  return { orderStatus, reason };
}

/** Of an order in doubt there is nothing to show; where it will be is in the header. */
function orderIdOf({ body, code, location }: Answer): string | undefined {
  if (code === IN_DOUBT) return location?.split('/').at(-1);
  return (body as { id?: string } | null)?.id;
}
