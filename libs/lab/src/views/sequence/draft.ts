import type { SequenceStep } from '../page/sequence-model.ts';

/** A step before it is known which event stands beside it. */
export interface Draft extends Omit<SequenceStep, 'event'> {
  /** The event that it shows; undefined: whichever came last. */
  event?: number;
  traceId: string | undefined;
}

/** The moment that gives a step its place: a message that waited is drawn where it was taken. */
export function placeOf({ kind, atMs, untilMs }: Pick<Draft, 'kind' | 'atMs' | 'untilMs'>): number {
  return kind === 'message' ? (untilMs ?? atMs) : atMs;
}
