import type { Mark } from '../page/report-data.ts';

/** One line of the story, before it is laid out. */
export interface Sentence {
  /** Milliseconds since the first request of the run; negative before it. */
  atMs: number;
  /** Who did it: a process of the lab, or `client`. */
  process: string;
  /** `A` for the first order, null when it is about no order. */
  label: string | null;
  text: string;
  mark: Mark;
  /** Shown with --verbose only. */
  isDetail: boolean;
}

/** What a single line of the record says, as far as it can be told from that line. */
export type Told = Pick<Sentence, 'text' | 'mark'> & { isDetail?: boolean };
