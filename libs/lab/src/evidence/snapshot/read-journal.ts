import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Snapshot } from './snapshot.ts';

type Charge = Snapshot['processorCharges'][number];

/** A line of the journal: the state of a charge after one change. */
const ENTRY = z.object({
  id: z.string(),
  key: z.string(),
  reference: z.string(),
  status: z.string(),
  amountCents: z.number(),
});

/**
 * Reads the journal of the card processor from its file, because the process may be dead. A torn
 * line is ignored: its request was never answered.
 * @returns the last state of each charge; empty without a journal
 */
export async function readJournal(file: string): Promise<Charge[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return chargesIn(text);
}

/**
 * Pure.
 * @param text  the journal: one change per line, the last line of a charge counts
 */
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

/** Ignores a torn line in the middle of the file, which a crash left. */
function entryOf(line: string): z.infer<typeof ENTRY> | undefined {
  try {
    return ENTRY.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
