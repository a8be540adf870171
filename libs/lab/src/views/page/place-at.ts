import type { ReportEvent, ReportMessage } from './report-data.ts';

/** The last place of a message up to a moment; null before the message was written. */
export function placeAt(
  { places }: ReportMessage,
  moment: ReportEvent,
): ReportMessage['places'][number] | null {
  return places.findLast(({ atMs, event }) => event === moment.id || atMs <= moment.atMs) ?? null;
}
