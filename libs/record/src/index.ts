export { epochMs } from './clock.ts';
export {
  EVENT_NAMES,
  type EventName,
  type RecordEvent,
  type RecordLine,
  type RecordSink,
  record,
  useRecord,
} from './record.ts';
export { contextOf, inSpan, pastSpan, type SpanOptions, startSpan, traceparent } from './span.ts';
