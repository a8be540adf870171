import type { RecordLine, TracesExporter } from '@indoubt/record';
import { sentSpans } from '../../evidence/record/otlp-traces.ts';
import { NO_JAEGER } from '../../evidence/run-result.ts';
import type { Infrastructure } from '../../infrastructure/provider.ts';
import { printedSpans } from './print-spans.ts';
import { sendTraces } from './send-traces.ts';

/** How the spans of a run are exported. */
export interface TracesWanted {
  exporter: TracesExporter;
  /** Gets one line per span with the exporter `console`. */
  print(line: string): void;
}

/** The default: by OTLP, if Jaeger is running. */
export const DEFAULT_TRACES: TracesWanted = { exporter: 'otlp', print: () => undefined };

export interface ExportedTraces {
  /** Links to the traces in Jaeger. */
  traceUrls: string[];
  /** Why there are no links; null when there are links. */
  tracesProblem: string | null;
}

/** Sends or prints the spans of a finished run. An error does not change the run's verdict. */
export async function exportTraces(
  { exporter, print }: TracesWanted,
  { jaeger }: Pick<Infrastructure, 'jaeger'>,
  traceIds: readonly string[],
  lines: readonly RecordLine[],
): Promise<ExportedTraces> {
  const none = (tracesProblem: string): ExportedTraces => ({ traceUrls: [], tracesProblem });
  if (exporter === 'console') for (const line of printedSpans(sentSpans(lines))) print(line);
  if (exporter === 'console' || exporter === 'none') return none(`TRACES is ${exporter}`);
  if (jaeger === null) return none(NO_JAEGER);
  const problem = await sendTraces(jaeger, lines, exporter);
  if (problem !== null) return none(problem);
  return { traceUrls: traceIds.map((id) => `${jaeger.uiUrl}/trace/${id}`), tracesProblem: null };
}
