import { shortId } from '../text/order-label.ts';

/** A line of a log for a person; what is not one of our JSON lines stays as it is. */
export function formatLogLine(raw: string): string {
  const line = parse(raw);
  if (line === null) return raw;
  const { time, level, msg, orderId, err } = line;
  const at = typeof time === 'string' ? time.slice(11, 23) : '';
  const order = typeof orderId === 'string' ? `  order ${shortId(orderId)}` : '';
  const message = typeof err === 'object' && err !== null && 'message' in err ? err.message : null;
  const cause = typeof message === 'string' ? `: ${message}` : '';
  const text = typeof msg === 'string' ? msg : '';
  return `${at} ${String(level)}  ${text}${cause}${order}`;
}

function parse(text: string): Record<string, unknown> | null {
  if (!text.startsWith('{')) return null;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null; // cut short by a crash
  }
}
