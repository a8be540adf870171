import type { RecordLine, TracesExporter } from '@indoubt/record';
import { sentSpans } from '../../evidence/record/otlp-traces.ts';
import { NO_JAEGER } from '../../evidence/run-result.ts';
import type { Infrastructure } from '../../infrastructure/provider.ts';
import { printedSpans } from './print-spans.ts';
import { sendTraces } from './send-traces.ts';

/** What is to become of a run's spans beside the record. */
export interface TracesWanted {
  exporter: TracesExporter;
  /** Takes a line for each span, with `console`. */
  print(line: string): void;
}

/** By OTLP, if there is a Jaeger. */
export const USUAL_TRACES: TracesWanted = { exporter: 'otlp', print: () => undefined };

export interface HandedOver {
  /** Links to the traces, where Jaeger has them. */
  traceUrls: string[];
  /** Why there are no links; null when there are. */
  tracesProblem: string | null;
}

/** Sends or prints the spans of a run that is over. Whatever goes wrong, its verdict stands. */
export async function handOver(
  { exporter, print }: TracesWanted,
  { jaeger }: Pick<Infrastructure, 'jaeger'>,
  traceIds: readonly string[],
  lines: readonly RecordLine[],
): Promise<HandedOver> {
  const none = (tracesProblem: string): HandedOver => ({ traceUrls: [], tracesProblem });
  if (exporter === 'console') for (const line of printedSpans(sentSpans(lines))) print(line);
  if (exporter === 'console' || exporter === 'none') return none(`TRACES is ${exporter}`);
  if (jaeger === null) return none(NO_JAEGER);
  const problem = await sendTraces(jaeger, lines, exporter);
  if (problem !== null) return none(problem);
  return { traceUrls: traceIds.map((id) => `${jaeger.uiUrl}/trace/${id}`), tracesProblem: null };
}
