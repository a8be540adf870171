export { epochMs } from './clock.ts';
export {
  EVENT_NAMES,
  type EventName,
  type RecordEvent,
  type RecordLine,
  record,
  useRecord,
} from './record.ts';
export { contextOf, inSharedSpan, inSpan, pastSpan, startSpan, traceparent } from './span.ts';
