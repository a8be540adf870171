import type { RecordLine, TracesWay } from '@indoubt/record';
import { sendByOtlp, sentSpans } from '../../evidence/record/otlp-traces.ts';
import type { JaegerAddresses } from '../../infrastructure/provider.ts';

/** The two ways that reach a Jaeger. */
export type WayToJaeger = Extract<TracesWay, 'otlp' | 'jaeger'>;

/**
 * Sends the spans of a record to a Jaeger; those that never ended too. Sent again the same way,
 * they are the same spans: Jaeger shows each once.
 * @returns null, or why it could not: the record itself is not touched
 */
export async function sendTraces(
  jaeger: JaegerAddresses,
  lines: readonly RecordLine[],
  way: WayToJaeger = 'otlp',
): Promise<string | null> {
  const { otlpUrl, thriftUrl } = jaeger;
  const to = way === 'otlp' ? otlpUrl : thriftUrl;
  if (to === undefined)
    return 'nobody knows where this Jaeger takes Thrift: set INDOUBT_THRIFT_URL';
  try {
    const spans = sentSpans(lines);
    if (way === 'otlp') await sendByOtlp(to, spans);
    else await (await import('./send-by-thrift.ts')).sendByThrift(to, spans);
    return null;
  } catch (error) {
    return `Jaeger at ${to} did not take them: ${reason(error)}`;
  }
}

/** What `fetch` itself says is only that it failed; its cause says why. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : message;
}
