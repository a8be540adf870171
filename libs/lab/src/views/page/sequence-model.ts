/** The steps between the parts of the lab, ready for a sequence diagram. */
export interface SequenceModel {
  /** From left to right; only the lifelines that the steps use. */
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
  /** The event that the step shows, else the last event before the step; null without any event. */
  event: number | null;
  /** Milliseconds since the run's first request. */
  atMs: number;
  /** End of a step with a duration, such as a lock wait. Milliseconds; null without a duration. */
  untilMs: number | null;
  /** Label of the step's order; null for a step that concerns no single order. */
  order: string | null;
  kind: StepKind;
  /** Id of a lifeline. */
  from: string;
  /** Id of a lifeline; the same as `from` for a step at one lifeline. */
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
