import { TRACES_EXPORTERS } from '@indoubt/record';
import { z } from 'zod';
import type { TracesTarget } from './trace-exporters.ts';

/**
 * Where a process exports its spans; by default nowhere. In a lab it stays so: there the whole
 * record is exported when the run ends. The addresses have OpenTelemetry's names.
 */
export const tracesSettings = {
  TRACES: z.enum(TRACES_EXPORTERS).default('none'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().default('http://127.0.0.1:4318'),
  OTEL_EXPORTER_JAEGER_ENDPOINT: z.url().default('http://127.0.0.1:14268/api/traces'),
};

const settings = z.object(tracesSettings);

export function tracesTarget(config: z.output<typeof settings>): TracesTarget {
  return {
    exporter: config.TRACES,
    otlpUrl: config.OTEL_EXPORTER_OTLP_ENDPOINT.replace(/\/+$/, ''),
    thriftUrl: config.OTEL_EXPORTER_JAEGER_ENDPOINT,
  };
}
