import { openSync, writeSync } from 'node:fs';
import { beginLines, epochMs, useRecord } from '@indoubt/record';
import { context, propagation, trace } from '@opentelemetry/api';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import type { Log } from './log.ts';
import { recordSpans, type WriteLine } from './record-spans.ts';
import { exportSpans, type TracesTarget } from './trace-exporters.ts';

export interface TelemetryOptions {
  /** The name of this process in the record, such as `relay-payment`. */
  service: string;
  /** The file to append to, created when missing. Without it events go only to the log. */
  recordFile?: string | undefined;
  /** Where spans are exported. Without a file and an exporter there is no tracer, at no cost. */
  traces: TracesTarget;
  /** The log, which has a line for every protocol event, too. */
  log: Log;
}

/**
 * Makes this process write the record of the run: the start and end of each span, and each protocol
 * event. Every line is one write to a file opened for appending, so a SIGKILL loses no earlier
 * line, and several processes could share the file. Call it before any work that is to be traced.
 * @throws the error of the file system when the file cannot be opened or, later, written: a run
 *   whose record has gaps would prove nothing
 */
export async function startTelemetry(options: TelemetryOptions): Promise<void> {
  const { service, recordFile, traces, log } = options;
  if (recordFile === undefined && traces.exporter === 'none') {
    useRecord((event) => log.info(event, event.event));
    return;
  }
  const write = recordFile === undefined ? () => undefined : appendTo(recordFile);
  const { pid } = process;
  await startTracing(service, log, [
    ...(recordFile === undefined ? [] : [recordSpans(service, pid, write)]),
    ...(await exportSpans(traces)),
  ]);
  useRecord((event) => {
    write({ kind: 'event', process: service, pid, at: epochMs(), ...event });
    log.info(event, event.event);
  });
}

function appendTo(file: string): WriteLine {
  const first = beginLines(file);
  const fd = openSync(file, 'a');
  if (first !== '') writeSync(fd, first);
  return (line) => void writeSync(fd, `${JSON.stringify(line)}\n`);
}

/** Well within the time that a service has to stop; a receiver that works takes far less. */
const SENT_WITHIN_MS = 1_500;

let tracing: { provider: { shutdown(): Promise<void> }; log: Log } | undefined;

async function startTracing(
  service: string,
  log: Log,
  spanProcessors: SpanProcessor[],
): Promise<void> {
  const [
    { TracerProvider },
    { resourceFromAttributes },
    { AsyncLocalStorageContextManager },
    core,
  ] = await Promise.all([
    import('@opentelemetry/sdk-trace'),
    import('@opentelemetry/resources'),
    import('@opentelemetry/context-async-hooks'),
    import('@opentelemetry/core'),
  ]);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new core.W3CTraceContextPropagator());
  const resource = resourceFromAttributes({ 'service.name': service });
  const provider = new TracerProvider({ resource, spanProcessors });
  trace.setGlobalTracerProvider(provider);
  tracing = { provider, log };
}

/**
 * Sends the spans that have not been sent yet, within 1.5 s: an exporter alone would retry, or wait
 * for an answer, for up to 30 s. It does not throw: lost spans are only logged.
 */
export async function endTelemetry(): Promise<void> {
  if (tracing === undefined) return;
  const { provider, log } = tracing;
  const sent = provider.shutdown().then(
    () => null,
    (error: unknown) => String(error),
  );
  const bound = new Promise<string>((resolve) => {
    setTimeout(resolve, SENT_WITHIN_MS, `not taken within ${SENT_WITHIN_MS} ms`).unref();
  });
  const why = await Promise.race([sent, bound]);
  if (why !== null) log.warn({ why }, 'The last spans are lost: their receiver did not take them');
}
