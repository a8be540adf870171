import type { Verdict } from '../protocol/messages.ts';

/**
 * Broken on purpose: a participant that has waited long enough ends its branch by itself, "so that
 * its locks are free". Presumed abort is for the coordinator, who knows that nothing was decided.
 * Here it was asked nobody: the transaction may be committed, and at the others it is.
 */
export async function abortAlone(): Promise<Verdict> {
  return { decision: 'abort', traceparent: null };
}
