/**
 * The values of TRACES: spans are exported by OTLP over HTTP, by jaeger-client (Thrift over HTTP),
 * as lines on stderr, or not at all.
 */
export const TRACES_EXPORTERS = ['otlp', 'jaeger', 'console', 'none'] as const;
export type TracesExporter = (typeof TRACES_EXPORTERS)[number];
