import { randomBytes, randomUUID } from 'node:crypto';
import type { OrderView, PlaceOrder } from '@indoubt/contracts';
import type { RecordWriter } from '../../evidence/record/record-writer.ts';
import { hashOf } from '../../text/hash-of.ts';
import { clientSpan } from './client-span.ts';
import { type HttpAnswer, httpRequest } from './http-request.ts';
import { recordAnswer } from './record-answer.ts';
import type { PostOptions } from './scenario-client.ts';

/** One POST /orders and its answer. */
export interface PostedOrder {
  answer: HttpAnswer;
  /** The id of the order that the answer names; undefined when it names no order. */
  orderId: string | undefined;
  traceId: string;
}

export const IN_DOUBT = 'in-doubt';
/** Two-phase commit answers at the end of the transaction, which is late without a coordinator. */
const PLACED_WITHIN_MS = 30_000;

/**
 * Sends one POST, records a line before and after it, and writes the root of the order's trace. The
 * request has a new Idempotency-Key unless a key is given. A retry gives the key of the first
 * attempt.
 * @throws Failure 'service-unavailable' (indefinite) without a complete answer
 */
export async function postOrder(
  orderUrl: string,
  writer: RecordWriter,
  signal: AbortSignal,
  order: PlaceOrder,
  options: PostOptions,
): Promise<PostedOrder> {
  const traceId = randomBytes(16).toString('hex');
  const spanId = randomBytes(8).toString('hex');
  const startedAt = performance.timeOrigin + performance.now();
  const { key = randomUUID(), caller, withinMs = PLACED_WITHIN_MS } = options;
  const body = JSON.stringify(order);
  const keyed = { key, caller: caller ?? null, request: hashOf(body) };
  const { customerId, lines } = order;
  const what = { method: 'POST', path: '/orders', customerId, lines } as const;
  const request = { ...what, traceId, spanId, ...keyed };
  writer.event('client', { event: 'client-request', ...request });
  const headers = {
    'content-type': 'application/json',
    traceparent: `00-${traceId}-${spanId}-01`,
    ...headersOf(options, key),
  };
  const url = `${orderUrl}/orders`;
  const span = { traceId, spanId, startedAt, url };
  try {
    const answer = await recordAnswer(
      () => httpRequest(url, withinMs, signal, { method: 'POST', headers, body }),
      (end, came) => {
        const fields = came === undefined ? {} : answerFields(came);
        writer.event('client', { event: 'client-response', ...request, ...end, ...fields });
      },
    );
    const orderId = orderIdOf(answer);
    clientSpan(writer, span, { status: answer.status, orderId });
    return { answer, orderId, traceId };
  } catch (error) {
    clientSpan(writer, span, { error });
    throw error;
  }
}

function headersOf(options: PostOptions, key: string | null): Record<string, string> {
  const prefer = preference(options);
  return {
    ...(key !== null && { 'idempotency-key': key }),
    ...(options.caller !== undefined && { authorization: `Bearer ${options.caller}` }),
    ...(prefer !== '' && { prefer }),
  };
}

/** The `Prefer` header (RFC 7240) of an order, with the given options only. Pure. */
export function preference({ coordination, presume, branches, lastResource }: PostOptions): string {
  const parts = [
    coordination && `coordination=${coordination}`,
    presume && `presume=${presume}`,
    branches && `branches=${branches}`,
    lastResource && 'last-resource',
  ];
  return parts.filter(Boolean).join('; ');
}

/** Whether this is the stored answer of an earlier request. Pure. */
export function isReplayed({ headers }: Pick<HttpAnswer, 'headers'>): boolean {
  return headers['idempotency-replayed'] === 'true';
}

/** The recorded fields of the answer to a POST. Pure. */
function answerFields(answer: HttpAnswer) {
  const { code, body, headers } = answer;
  return {
    orderId: orderIdOf(answer),
    code,
    retryAfterS: headers['retry-after'],
    replayed: isReplayed(answer),
    bodyHash: hashOf(JSON.stringify(body)),
    ...orderFields(answer),
  };
}

/** The recorded fields of a view of an order. Pure. */
export function orderFields({ ok, body }: HttpAnswer) {
  if (!ok) return {};
  const { status: orderStatus, reason } = body as Partial<OrderView>;
  return { orderStatus, reason };
}

/** The answer for an order in doubt has no id in its body. The id is in the header `Location`. */
function orderIdOf({ body, code, headers }: HttpAnswer): string | undefined {
  if (code === IN_DOUBT) return headers['location']?.split('/').at(-1);
  return (body as { id?: string } | null)?.id;
}
