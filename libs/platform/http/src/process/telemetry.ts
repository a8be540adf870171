import { openSync, writeSync } from 'node:fs';
import { beginLines, epochMs, useRecord } from '@indoubt/record';
import { context, propagation, trace } from '@opentelemetry/api';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import type { Log } from './log.ts';
import { recordSpans, type WriteLine } from './record-spans.ts';
import { exportSpans, type TracesTarget } from './trace-exporters.ts';

export interface TelemetryOptions {
  /** This process, as the record calls it: order, relay-payment. */
  service: string;
  /** Appended to; created when missing. Without it events go to the log alone. */
  recordFile?: string | undefined;
  /** Where its spans are sent beside that. With neither there is no tracer: spans cost nothing. */
  traces: TracesTarget;
  /** Every protocol event is a line of the log too, with trace and order id. */
  log: Log;
}

/**
 * Makes this process write the record of the run: each span's start and end, each protocol event.
 * Every line is one write to a file opened for appending, so a SIGKILL loses nothing that happened
 * before it, and several processes could share the file. Call it before any work that is to be
 * traced.
 * @throws what the file system says when the file cannot be opened or, later, written: a run whose
 *   record has holes would prove nothing
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

/** Well within what a service has for its whole stop; a receiver that is there takes far less. */
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
 * Sends what has not been sent yet, for 1.5 s at most: an exporter by itself tries again, or waits
 * for an answer, up to 30 s. It does not fail: traces are a bonus, and the log says what is lost.
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
