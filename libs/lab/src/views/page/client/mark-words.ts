import type { Mark } from '../report-data.ts';
import type { StepKind } from '../sequence-model.ts';
import type { Shape } from './icon.tsx';

/** The word for a mark, for screen readers; a plain event needs no word. */
export const MARK_WORDS: Record<Mark, string> = {
  plain: '',
  good: 'done:',
  refused: 'refused:',
  compensation: 'compensation:',
  again: 'again:',
  crash: 'crash:',
  restart: 'restart:',
  'in-doubt': 'in doubt:',
  trouble: 'trouble:',
};

/** Shape and name of each kind of step, for the diagram and its legend. */
export const STEP_KINDS: Record<StepKind, { shape: Shape; name: string }> = {
  request: { shape: 'plain', name: 'request' },
  answer: { shape: 'plain', name: 'answer' },
  message: { shape: 'plain', name: 'message' },
  commit: { shape: 'good', name: 'commit' },
  prepared: { shape: 'prepared', name: 'prepare' },
  rollback: { shape: 'rollback', name: 'rollback' },
  note: { shape: 'plain', name: 'note' },
  refusal: { shape: 'refused', name: 'refusal' },
  compensation: { shape: 'compensation', name: 'compensation' },
  retry: { shape: 'again', name: 'sent again' },
  duplicate: { shape: 'again', name: 'duplicate' },
  lost: { shape: 'lost', name: 'lost' },
  crash: { shape: 'crash', name: 'crash' },
  restart: { shape: 'restart', name: 'restart' },
  pause: { shape: 'pause', name: 'pause' },
  resume: { shape: 'resume', name: 'continues' },
  'lock-wait': { shape: 'lock', name: 'lock wait' },
  'in-doubt': { shape: 'in-doubt', name: 'in doubt' },
  decision: { shape: 'decision', name: 'decision' },
};
