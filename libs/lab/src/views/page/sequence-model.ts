/** What really happened between the parts of the lab, ready to be drawn. */
export interface SequenceModel {
  /** From left to right; only those that had a part in it. */
  lifelines: Lifeline[];
  /** In the order of time. */
  steps: SequenceStep[];
}

export interface Lifeline {
  /** A process (`order`), a database (`orders-db`), `kafka`, or `client`. */
  id: string;
  kind: 'client' | 'process' | 'database' | 'broker' | 'outside';
}

export interface SequenceStep {
  /** The event of the record that it shows, else the last before it; null when there is none. */
  event: number | null;
  /** Milliseconds since the run's first request. */
  atMs: number;
  /** End of what takes time: a wait in the outbox, a lock wait. Milliseconds; null for a moment. */
  untilMs: number | null;
  /** Label of its order; null when it is about none, and so about all. */
  order: string | null;
  kind: StepKind;
  /** Lifeline. */
  from: string;
  /** Lifeline; the same as `from` for what happens at one place. */
  to: string;
  text: string;
}

export type StepKind =
  | 'request'
  | 'answer'
  | 'message'
  | 'commit'
  | 'prepared'
  | 'rollback'
  | 'note'
  | 'refusal'
  | 'compensation'
  | 'retry'
  | 'duplicate'
  | 'lost'
  | 'crash'
  | 'restart'
  | 'pause'
  | 'resume'
  | 'lock-wait'
  | 'in-doubt'
  | 'decision';
