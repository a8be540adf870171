export {
  EVENT_NAMES,
  type EventName,
  type RecordEvent,
  type RecordLine,
  type RecordSink,
  record,
  useRecord,
} from './record.ts';
export { contextOf, inSpan, pastSpan, type SpanOptions, traceparent } from './span.ts';
