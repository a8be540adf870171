import type { Mark } from '../page/report-data.ts';

/** One line of the story, before it is laid out. */
export interface Sentence {
  /** Milliseconds since the first request of the run; negative before it. */
  atMs: number;
  /** The process that did it, or `client`. */
  process: string;
  /** `A` for the first order; null when the sentence is about no order. */
  label: string | null;
  text: string;
  mark: Mark;
  /** Shown with --verbose only. */
  isDetail: boolean;
}

/** The part of a sentence that follows from a single line of the record. */
export type Narration = Pick<Sentence, 'text' | 'mark'> & { isDetail?: boolean };
