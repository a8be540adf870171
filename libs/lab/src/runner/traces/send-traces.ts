import type { RecordLine, TracesExporter } from '@indoubt/record';
import { sendByOtlp, sentSpans } from '../../evidence/record/otlp-traces.ts';
import type { JaegerAddresses } from '../../infrastructure/provider.ts';

/** The exporters that send to Jaeger. */
export type JaegerExporter = Extract<TracesExporter, 'otlp' | 'jaeger'>;

/**
 * Sends the spans of a record to Jaeger, including spans that never ended. Spans that are sent
 * again by the same exporter have the same ids, so Jaeger shows each once.
 * @returns null, or why the spans could not be sent
 */
export async function sendTraces(
  jaeger: JaegerAddresses,
  lines: readonly RecordLine[],
  exporter: JaegerExporter = 'otlp',
): Promise<string | null> {
  const { otlpUrl, thriftUrl } = jaeger;
  const to = exporter === 'otlp' ? otlpUrl : thriftUrl;
  if (to === undefined)
    return 'the Thrift address of this Jaeger is not known: set INDOUBT_THRIFT_URL';
  try {
    const spans = sentSpans(lines);
    if (exporter === 'otlp') await sendByOtlp(to, spans);
    else await (await import('./send-by-thrift.ts')).sendByThrift(to, spans);
    return null;
  } catch (error) {
    return `Jaeger at ${to} did not accept the spans: ${reason(error)}`;
  }
}

/** The message of `fetch` only says that it failed. The reason is in its cause. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
}
