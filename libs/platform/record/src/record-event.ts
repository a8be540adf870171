import type { EventFields } from './event-fields.ts';

export type EventName = keyof EventFields;

/**
 * An event of a protocol, which narration, reports and checkers read: JSON, without secrets. The
 * type parameter selects events by name.
 */
export type RecordEvent<N extends EventName = EventName> = {
  [Name in EventName]: { event: Name } & EventFields[Name] & Without<Ids, EventFields[Name]>;
}[N];

/**
 * `orderId` and `sagaId` can be read from every event, but written only to events that have them.
 */
type Ids = 'orderId' | 'sagaId';
type Without<Names extends string, Fields> = { [Name in Exclude<Names, keyof Fields>]?: undefined };

/** An event as a line of the record. */
export type EventLine<N extends EventName = EventName> = {
  [Name in EventName]: LineStart & EventContext & { kind: 'event' } & RecordEvent<Name>;
}[N];

/** The process that wrote the line, and the time: epoch milliseconds. */
export interface LineStart {
  process: string;
  pid: number;
  at: number;
}

/** The span in which an event happened. */
export interface EventContext {
  traceId?: string | undefined;
  spanId?: string | undefined;
}

/**
 * Forbids fields that the event does not have. TypeScript alone finds such a field in an object
 * literal, but not after a spread.
 */
export type Exact<Event extends RecordEvent> = {
  [Field in Exclude<FieldOf<Event>, FieldOf<RecordEvent<Event['event']>>>]?: never;
};

type FieldOf<Event> = Event extends unknown ? keyof Event : never;
