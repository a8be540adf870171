import { contextOf, startSpan } from '@indoubt/record';
import { context, type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { RequestHandler, Response } from 'express';
import type { RouteTable } from './route-table.ts';

const SERVER_ERROR = 500;

/**
 * Runs each request in a span that continues the caller's `traceparent`. The name of the span is
 * the declared route. It is known before the handler runs, so that the record has the right name
 * even after a crash.
 * @see opentelemetry.io/docs/specs/semconv/http/http-spans
 */
export function serverSpan(table: RouteTable): RequestHandler {
  return (request, response, next) => {
    const { method, path } = request;
    const route = table.patternOf(method, path);
    const { localAddress: address, localPort: port } = request.socket;
    const { span, context: inside } = startSpan(
      route === undefined ? method : `${method} ${route}`,
      {
        kind: SpanKind.SERVER,
        parent: contextOf(request.get('traceparent')),
        attributes: {
          'http.request.method': method,
          'url.path': path,
          'url.scheme': 'http',
          ...(route === undefined ? {} : { 'http.route': route }),
          ...(address === undefined ? {} : { 'server.address': address }),
          ...(port === undefined ? {} : { 'server.port': port }),
        },
      },
    );
    // The event comes once: after the last byte, or when the client has left before it.
    response.once('close', () => endSpan(span, response));
    context.with(inside, next);
  };
}

function endSpan(span: Span, response: Response): void {
  const { statusCode, writableFinished } = response;
  if (!writableFinished) {
    span.setStatus({ code: SpanStatusCode.ERROR, message: 'the client left before the answer' });
    span.setAttribute('error.type', 'client-left');
  } else {
    span.setAttribute('http.response.status_code', statusCode);
    if (statusCode >= SERVER_ERROR) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: `HTTP ${statusCode}` });
      span.setAttribute('error.type', String(statusCode));
    }
  }
  span.end();
}
