import type { RecordLine, TracesExporter } from '@indoubt/record';
import { sendByOtlp, sentSpans } from '../../evidence/record/otlp-traces.ts';
import type { JaegerAddresses } from '../../infrastructure/provider.ts';

/** The exporters that send to a Jaeger. */
export type JaegerExporter = Extract<TracesExporter, 'otlp' | 'jaeger'>;

/**
 * Sends the spans of a record to a Jaeger; those that never ended too. Sent again by the same
 * exporter, they are the same spans: Jaeger shows each once.
 * @returns null, or why it could not: the record itself is not touched
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
    return `Jaeger at ${to} did not take the spans: ${reason(error)}`;
  }
}

/** What `fetch` itself says is only that it failed; its cause says why. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
}
