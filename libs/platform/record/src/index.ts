export { epochMs } from './clock.ts';
export { errorType } from './error-type.ts';
export { EVENT_NAMES } from './event-names.ts';
export { onRecord, type RecordLine, record, useRecord } from './record.ts';
export type { EventLine, EventName, Exact, RecordEvent } from './record-event.ts';
export {
  contextOf,
  failSpan,
  inSharedSpan,
  inSpan,
  pastSpan,
  type SpanOptions,
  startSpan,
  traceparent,
} from './span.ts';
export { beginLines, isTornLine } from './torn-line.ts';
export { TRACES_EXPORTERS, type TracesExporter } from './traces-exporter.ts';
