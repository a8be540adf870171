import { epochMs, errorType } from '@indoubt/record';
import type { RecordWriter } from '../../evidence/record/record-writer.ts';

/** A request of the client that has ended. */
export interface ClientSpan {
  traceId: string;
  spanId: string;
  /** Epoch milliseconds. */
  startedAt: number;
  url: string;
}

interface Answered {
  status: number;
  /** Undefined when the answer names no order. */
  orderId: string | undefined;
}

const CLIENT_KIND = 2;
const REFUSED = 400;

/**
 * Writes the root span of an order's trace: the request as the client saw it, with or without
 * reply.
 * @see opentelemetry.io/docs/specs/semconv/http/http-spans
 */
export function clientSpan(
  writer: RecordWriter,
  { traceId, spanId, startedAt, url }: ClientSpan,
  ended: Answered | { error: unknown },
): void {
  const { hostname, port } = new URL(url);
  writer.span({
    process: 'client',
    name: 'POST /orders',
    traceId,
    spanId,
    startedAt,
    spanKind: CLIENT_KIND,
    endedAt: epochMs(),
    attributes: {
      'http.request.method': 'POST',
      'url.full': url,
      'server.address': hostname,
      'server.port': Number(port),
      ...('status' in ended ? answered(ended) : { 'error.type': errorType(ended.error) }),
    },
    ...('error' in ended && { failed: String(ended.error) }),
  });
}

function answered({ status, orderId }: Answered) {
  return {
    'http.response.status_code': status,
    ...(status >= REFUSED && { 'error.type': String(status) }),
    ...(orderId !== undefined && { 'order.id': orderId }),
  };
}
