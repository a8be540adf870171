import {
  type Attributes,
  type Context,
  context,
  type Link,
  propagation,
  ROOT_CONTEXT,
  type Span,
  type SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { epochMs } from './clock.ts';
import { errorType } from './error-type.ts';

const tracer = trace.getTracer('in-doubt');

export interface SpanOptions {
  attributes?: Attributes;
  kind?: SpanKind;
  /** Spans of other traces that this span was caused by as well. */
  links?: Link[];
  /** The parent context; the active context unless given. */
  parent?: Context;
}

/** Runs `work` in its own span, which ends when `work` settles, and is failed when it throws. */
export function inSpan<T>(name: string, options: SpanOptions, work: () => Promise<T>): Promise<T> {
  const parent = options.parent ?? context.active();
  const timed = { ...options, startTime: epochMs() };
  return tracer.startActiveSpan(name, timed, parent, async (span) => {
    try {
      return await work();
    } catch (error) {
      failSpan(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Marks a span as failed, with the message and the type of the error. */
export function failSpan(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR, message: String(error) });
  span.setAttribute('error.type', errorType(error));
}

/**
 * Writes a span of the past, such as a wait that is known only after its end.
 * @param startedAt epoch milliseconds
 * @param endedAt  by `epochMs`
 * @returns the context to continue from
 */
export function pastSpan(
  name: string,
  options: SpanOptions,
  startedAt: number,
  endedAt: number,
): Context {
  const parent = options.parent ?? context.active();
  const span = tracer.startSpan(name, { ...options, startTime: startedAt }, parent);
  span.end(endedAt);
  return trace.setSpan(parent, span);
}

/**
 * The W3C `traceparent` of a context (the active context unless given); null when nothing is
 * traced.
 */
export function traceparent(of: Context = context.active()): string | null {
  const carrier: Record<string, string> = {};
  propagation.inject(of, carrier);
  return carrier['traceparent'] ?? null;
}

/**
 * The context of a `traceparent`, which was stored in a row or sent in a header.
 */
export function contextOf(parent: string | null | undefined): Context {
  if (parent === null || parent === undefined) return ROOT_CONTEXT;
  return propagation.extract(ROOT_CONTEXT, { traceparent: parent });
}

/**
 * Runs `work` in one span with one or more causes. With one cause the span is its child. With
 * several causes it begins a new trace with links to all of them, since a span has only one parent.
 * @param causes the `traceparent` of each cause
 */
export function inSharedSpan<T>(
  name: string,
  options: Omit<SpanOptions, 'parent' | 'links'>,
  causes: readonly (string | null)[],
  work: () => Promise<T>,
): Promise<T> {
  if (causes.length === 1) return inSpan(name, { ...options, parent: contextOf(causes[0]) }, work);
  const links = causes.flatMap((cause) => {
    const spanContext = trace.getSpanContext(contextOf(cause));
    return spanContext === undefined ? [] : [{ context: spanContext }];
  });
  return inSpan(name, { ...options, parent: ROOT_CONTEXT, links }, work);
}

/** Starts a span that the caller ends, for work that is not in one function. */
export function startSpan(name: string, options: SpanOptions): { span: Span; context: Context } {
  const parent = options.parent ?? context.active();
  const span = tracer.startSpan(name, { ...options, startTime: epochMs() }, parent);
  return { span, context: trace.setSpan(parent, span) };
}
