import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Snapshot } from './snapshot.ts';

type Charge = Snapshot['processorCharges'][number];

/** A line of the journal: a charge as it was after one change. */
const ENTRY = z.object({
  id: z.string(),
  key: z.string(),
  reference: z.string(),
  status: z.string(),
  amountCents: z.number(),
});

/**
 * Reads the books of the card processor as an auditor does: the file, not the process, which may be
 * dead. A line that is cut short was never answered, and counts for nothing.
 * @returns each charge as it was last; none when there are no books
 */
export async function readJournal(file: string): Promise<Charge[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return chargesIn(text);
}

/** Pure. @param text  the journal: one change on each line, the last one of a charge counts */
export function chargesIn(text: string): Charge[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const charges = new Map<string, Charge>();
  for (const line of whole.split('\n')) {
    const entry = entryOf(line);
    if (entry === undefined) continue;
    const { id, key, reference: orderId, status, amountCents } = entry;
    charges.set(id, { orderId, key, status, amountCents });
  }
  return [...charges.values()];
}

/** What a crash has cut short in the middle of the file is no line, either. */
function entryOf(line: string): z.infer<typeof ENTRY> | undefined {
  try {
    return ENTRY.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
