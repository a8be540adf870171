import { z } from 'zod';
import { shortId } from '../text/order-label.ts';

/** Formats a JSON log line for a person. Any other line is returned unchanged. */
export function formatLogLine(raw: string): string {
  const line = parse(raw);
  if (line === null) return raw;
  const { time, level, msg, orderId, err } = line;
  const order = orderId === null ? '' : `  order ${shortId(orderId)}`;
  const cause = err === null ? '' : `: ${err.message}`;
  return `${time.slice(11, 23)} ${String(level)}  ${msg}${cause}${order}`;
}

/** A field that is missing or has another type is left out. */
const LINE = z.object({
  time: z.string().catch(''),
  level: z.unknown(),
  msg: z.string().catch(''),
  orderId: z.string().nullable().catch(null),
  err: z.object({ message: z.string() }).nullable().catch(null),
});

function parse(text: string): z.infer<typeof LINE> | null {
  if (!text.startsWith('{')) return null;
  try {
    return LINE.parse(JSON.parse(text));
  } catch {
    return null; // a crash cut the line short
  }
}
