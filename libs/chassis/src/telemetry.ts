import { openSync, writeSync } from 'node:fs';
import { epochMs, type RecordLine, useRecord } from '@indoubt/record';
import { context, propagation, trace } from '@opentelemetry/api';
import type { Log } from './log.ts';

export interface TelemetryOptions {
  /** This process, as the record calls it: order, relay-payment. */
  service: string;
  /**
   * Appended to; created when missing. Without it there is no tracer: spans cost nothing, and
   * events go to the log alone.
   */
  recordFile?: string | undefined;
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
  const { service, recordFile, log } = options;
  if (recordFile === undefined) {
    useRecord((event) => log.info(event, event.event));
    return;
  }
  const [{ TracerProvider }, { AsyncLocalStorageContextManager }, core, { recordSpans }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/context-async-hooks'),
      import('@opentelemetry/core'),
      import('./record-spans.ts'),
    ]);
  const fd = openSync(recordFile, 'a');
  const write = (line: RecordLine) => writeSync(fd, `${JSON.stringify(line)}\n`);
  const { pid } = process;
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new core.W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(
    new TracerProvider({ spanProcessors: [recordSpans(service, pid, write)] }),
  );
  useRecord((event) => {
    write({ kind: 'event', process: service, pid, at: epochMs(), ...event });
    log.info(event, event.event);
  });
}
