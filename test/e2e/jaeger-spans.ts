import type { JaegerSpan } from './open-jaeger.ts';

/** The spans without a parent: `service: name`. */
export function rootsOf(spans: JaegerSpan[]): string[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  return spans
    .filter(({ parentSpanId }) => parentSpanId === undefined || !ids.has(parentSpanId))
    .map(({ service, name }) => `${service}: ${name}`);
}

/** The path to a span, from the root: `service: name`. */
export function pathTo(spans: JaegerSpan[], { service, name, parentSpanId }: JaegerSpan): string[] {
  const above = spans.find(({ spanId }) => spanId === parentSpanId);
  return [...(above === undefined ? [] : pathTo(spans, above)), `${service}: ${name}`];
}

/** The first span of this name, of this service if given. @throws Error if there is none */
export function firstSpan(spans: JaegerSpan[], name: string, service?: string): JaegerSpan {
  const found = spans
    .toSorted((a, b) => a.startUs - b.startUs)
    .find((span) => span.name === name && (service ?? span.service) === span.service);
  if (found === undefined) throw new Error(`there is no ${service ?? ''} ${name}`);
  return found;
}

export function servicesOf(spans: JaegerSpan[]): string[] {
  return [...new Set(spans.map(({ service }) => service))].toSorted();
}

/** The parts of spans that must be equal for every exporter. */
export function edgesOf(spans: JaegerSpan[]) {
  return spans
    .map(({ tags, ...span }) => ({
      ...span,
      kind: tags['span.kind'] ?? 'internal',
      error: tags['error'] ?? false,
      pid: tags['process.pid'],
      died: tags['in_doubt.process_died'] ?? false,
    }))
    .toSorted((a, b) => (a.spanId < b.spanId ? -1 : 1));
}
