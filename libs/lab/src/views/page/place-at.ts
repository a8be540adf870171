import type { ReportEvent, ReportMessage } from './report-data.ts';

/** Where a message was at a moment: its last place so far; null before it was written. */
export function placeAt(
  { places }: ReportMessage,
  moment: ReportEvent,
): ReportMessage['places'][number] | null {
  return places.findLast(({ atMs, event }) => event === moment.id || atMs <= moment.atMs) ?? null;
}
