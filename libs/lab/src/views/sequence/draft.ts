import type { SequenceStep } from '../page/sequence-model.ts';

/** A step whose event is not determined yet. */
export interface Draft extends Omit<SequenceStep, 'event'> {
  /** The event that the step shows; undefined: the last event before it. */
  event?: number;
  traceId: string | undefined;
}

/** The time that orders a step: a message that waited is drawn where it was taken. */
export function placeOf({ kind, atMs, untilMs }: Pick<Draft, 'kind' | 'atMs' | 'untilMs'>): number {
  return kind === 'message' ? (untilMs ?? atMs) : atMs;
}
