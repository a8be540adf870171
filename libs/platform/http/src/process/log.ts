import { trace } from '@opentelemetry/api';
import { destination, type Logger, pino, stdTimeFunctions } from 'pino';

export type Log = Logger;

export interface LogOptions {
  service: string;
  level: string;
}

const STDOUT_FD = 1;
const SECRETS = ['password', 'secret', 'token', 'authorization', 'DATABASE_URL', 'url'];

/**
 * JSON lines on stdout, each with the ids of the active span, so that the trace of a line can be
 * found. Lines are written synchronously: a SIGKILL loses no line that was logged before it.
 */
export function createLog({ service, level }: LogOptions): Log {
  return pino(
    {
      level,
      base: { service, pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: activeSpan,
      redact: { paths: SECRETS.flatMap((name) => [name, `*.${name}`]), censor: '[not shown]' },
    },
    destination({ dest: STDOUT_FD, sync: true }),
  );
}

function activeSpan(): object {
  const span = trace.getActiveSpan()?.spanContext();
  return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
}
