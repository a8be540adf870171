/**
 * Where spans are sent: by OTLP over HTTP, by jaeger-client (Thrift over HTTP), a line each to
 * stderr, or nowhere. The values of TRACES.
 */
export const TRACES_EXPORTERS = ['otlp', 'jaeger', 'console', 'none'] as const;
export type TracesExporter = (typeof TRACES_EXPORTERS)[number];
