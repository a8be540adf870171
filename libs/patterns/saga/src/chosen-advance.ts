import { isBroken } from '@indoubt/chaos';
import { advance } from './advance.ts';
import { undoKnownOnly } from './broken/undo-known-only.ts';
import { undoPastPivot } from './broken/undo-past-pivot.ts';

/**
 * The protocol of this process's sagas: `advance`, unless the process was started with a broken
 * variant. Call this after the process is opened: opening arms its faults.
 */
export function chosenAdvance(): typeof advance {
  if (isBroken('undo-known-only')) return undoKnownOnly;
  if (isBroken('undo-past-pivot')) return undoPastPivot;
  return advance;
}
