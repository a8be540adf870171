import type { RecordLine } from '@indoubt/record';

/** An event of the record: its fields beyond the fixed ones are whatever the writer put there. */
export type EventLine = Extract<RecordLine, { kind: 'event' }>;

/** A field as words; '?' when a process wrote no such field, for a story with a gap beats none. */
export function word(line: EventLine, field: string): string {
  const value = line[field];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '?';
}

/** A field as words, or null when it is absent or null. */
export function optionalWord(line: EventLine, field: string): string | null {
  return line[field] === undefined || line[field] === null ? null : word(line, field);
}

export function words(line: EventLine, field: string): string[] {
  const value = line[field];
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

/** A duration in milliseconds, as a person reads it: `2.1 ms`, `340 ms`, `1.3 s`. */
export function duration(ms: number): string {
  if (ms >= 999.5) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 10 ? `${Number(ms.toFixed(1))} ms` : `${Math.round(ms)} ms`;
}

export function durationField(line: EventLine, field: string): string {
  const value = line[field];
  return typeof value === 'number' ? duration(value) : '? ms';
}

const LINES_SHOWN_MAX = 3;

/** `2 × tea, 1 × mug`; a long order is cut, for its lines are in the final rows. */
export function orderLines(value: unknown): string {
  const lines = Array.isArray(value) ? value.filter(isLine) : [];
  const shown = lines.slice(0, LINES_SHOWN_MAX).map(({ sku, quantity }) => `${quantity} × ${sku}`);
  const more = lines.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

function isLine(value: unknown): value is { sku: string; quantity: number } {
  return typeof value === 'object' && value !== null && 'sku' in value && 'quantity' in value;
}
