import type { Metric } from '@indoubt/http';
import type { RecordEvent } from '@indoubt/record';
import { BOUNDS_SECONDS, createSpread } from './tally.ts';

/** Sagas under way whose times are kept; of more than that, the oldest are not measured. */
const UNDER_WAY_MAX = 10_000;

interface Times {
  startedAt: number;
  /** The step or undo that this process asked for last. */
  asked: string;
  /** When the step that is awaited was first asked for. */
  askedAt: number;
}

/** How long the sagas took that this process has seen from their start, and each of their steps. */
export interface SagaTimes {
  add(event: RecordEvent): void;
  metrics(): Metric[];
}

/**
 * Measures from commit to commit in this process's memory. A saga that was started before a
 * restart, or by another copy, is not measured: half a duration would be a wrong one. Neither is a
 * step that another copy asked for (a rebalance took the saga there, and another one back); the
 * saga is, when both its start and its end were seen here.
 * @param nowMs  a clock that does not jump
 */
export function createSagaTimes(nowMs: () => number = () => performance.now()): SagaTimes {
  const underWay = new Map<string, Times>();
  const steps = createSpread();
  const sagas = createSpread();
  return {
    add({ event, sagaId, because, status, send }) {
      if (event !== 'saga-advanced' || sagaId === undefined) return;
      const now = nowMs();
      const next = Array.isArray(send) ? String(send[0]) : '';
      if (because === 'start') {
        forgetOldest(underWay);
        underWay.set(sagaId, { startedAt: now, asked: next, askedAt: now });
        return;
      }
      const times = underWay.get(sagaId);
      if (times === undefined) return;
      const [step = '', outcome = ''] = String(because).split(' ');
      if (step === times.asked) steps.add({ step, outcome }, (now - times.askedAt) / 1_000);
      times.asked = next;
      times.askedAt = now;
      if (status !== 'completed' && status !== 'compensated') return;
      underWay.delete(sagaId);
      sagas.add({ status }, (now - times.startedAt) / 1_000);
    },
    metrics: () => [
      {
        name: 'saga_step_duration_seconds',
        help: 'From the command of a step or undo to what came of it: done, refused or expired',
        kind: 'histogram',
        bounds: BOUNDS_SECONDS,
        samples: steps.samples(),
      },
      {
        name: 'saga_duration_seconds',
        help: 'From the start of a saga to its end, by how it ended',
        kind: 'histogram',
        bounds: BOUNDS_SECONDS,
        samples: sagas.samples(),
      },
    ],
  };
}

function forgetOldest(underWay: Map<string, Times>): void {
  const [oldest] = underWay.keys();
  if (oldest !== undefined && underWay.size >= UNDER_WAY_MAX) underWay.delete(oldest);
}
