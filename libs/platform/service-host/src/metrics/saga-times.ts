import type { RecordEvent } from '@indoubt/record';

/** Sagas in progress whose times are stored; beyond that the oldest are not measured. */
const IN_PROGRESS_MAX = 10_000;

interface Times {
  startedAt: number;
  /** The step or undo that this process commanded last. */
  commanded: string;
  /** When it was commanded for the first time. */
  commandedAt: number;
}

/** Receives the durations, in seconds. */
export interface SagaDurations {
  step(labels: { step: string; outcome: string }, seconds: number): void;
  saga(labels: { status: string }, seconds: number): void;
}

/**
 * Measures sagas and their steps from commit to commit, in the memory of this process. A saga that
 * was started before a restart, or by another copy of the service, is not measured: half a duration
 * would be wrong. A step that another copy commanded (between two rebalances) is not measured
 * either. A saga is measured when this process recorded both its start and its end.
 * @param nowMs  a clock that does not jump
 * @returns a function that takes the events of the record
 */
export function createSagaTimes(
  durations: SagaDurations,
  nowMs: () => number = () => performance.now(),
): (event: RecordEvent) => void {
  const inProgress = new Map<string, Times>();
  return (event) => {
    if (event.event !== 'saga-advanced') return;
    const { sagaId, because, status, send } = event;
    const now = nowMs();
    const next = send[0] ?? '';
    if (because === 'start') {
      forgetOldest(inProgress);
      inProgress.set(sagaId, { startedAt: now, commanded: next, commandedAt: now });
      return;
    }
    const times = inProgress.get(sagaId);
    if (times === undefined) return;
    const [step = '', outcome = ''] = because.split(' ');
    if (step === times.commanded) {
      durations.step({ step, outcome }, (now - times.commandedAt) / 1_000);
    }
    times.commanded = next;
    times.commandedAt = now;
    if (status !== 'completed' && status !== 'compensated') return;
    inProgress.delete(sagaId);
    durations.saga({ status }, (now - times.startedAt) / 1_000);
  };
}

function forgetOldest(inProgress: Map<string, Times>): void {
  const [oldest] = inProgress.keys();
  if (oldest !== undefined && inProgress.size >= IN_PROGRESS_MAX) inProgress.delete(oldest);
}
