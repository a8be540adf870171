import type { EventFields } from './event-fields.ts';

export type EventName = keyof EventFields;

/**
 * Something that happened in a protocol, as narration, reports and checkers read it: JSON, without
 * secrets. With names, only those events.
 */
export type RecordEvent<N extends EventName = EventName> = {
  [Name in EventName]: { event: Name } & EventFields[Name] & Without<Ids, EventFields[Name]>;
}[N];

/** Every event can be read for an order and a saga; it cannot be written with one it has not. */
type Ids = 'orderId' | 'sagaId';
type Without<Names extends string, Fields> = { [Name in Exclude<Names, keyof Fields>]?: undefined };

/** An event as a line of the record. */
export type EventLine<N extends EventName = EventName> = {
  [Name in EventName]: LineStart & EventContext & { kind: 'event' } & RecordEvent<Name>;
}[N];

/** Which process wrote the line, and when: epoch milliseconds. */
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
 * What an event must be to have no field that it should not have. TypeScript alone finds such a
 * field in an object literal, but not behind a spread.
 */
export type Exact<Event extends RecordEvent> = {
  [Field in Exclude<FieldOf<Event>, FieldOf<RecordEvent<Event['event']>>>]?: never;
};

type FieldOf<Event> = Event extends unknown ? keyof Event : never;
