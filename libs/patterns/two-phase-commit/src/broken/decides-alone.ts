import type { Verdict } from '../protocol/messages.ts';

/**
 * Broken on purpose: a participant that has waited long enough aborts its branch by itself, to
 * release its locks. Only the coordinator may presume an abort, since only the coordinator knows
 * that no decision was logged. Here the transaction may be committed at the other participants.
 */
export async function abortAlone(): Promise<Verdict> {
  return { decision: 'abort', traceparent: null };
}
