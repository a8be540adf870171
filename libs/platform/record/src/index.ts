export { epochMs } from './clock.ts';
export { errorType } from './error-type.ts';
export {
  EVENT_NAMES,
  type EventName,
  onRecord,
  type RecordEvent,
  type RecordLine,
  record,
  useRecord,
} from './record.ts';
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
export { TRACES_WAYS, type TracesWay } from './traces-way.ts';
