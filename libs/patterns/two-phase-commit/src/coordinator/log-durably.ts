import { setTimeout as wait } from 'node:timers/promises';
import { backOffMs, Failure } from '@indoubt/failure';
import { inSpan } from '@indoubt/record';
import type { LogRecord } from '../protocol/coordinate.ts';
import type { DecisionLog } from './decision-log.ts';

const BACK_OFF = { baseMs: 100, maxMs: 1_000 };

interface Entry {
  /** Id of the transaction. */
  id: string;
  entry: LogRecord;
  /** The trace that a later coordinator should continue. */
  trace: string | null;
}

/**
 * Retries until the log has the record: after an unanswered write it is unknown whether the record
 * was written.
 * @throws Failure 'superseded', or a definite failure: this coordinator must stop writing
 */
export async function logDurably(log: DecisionLog, { id, entry, trace }: Entry): Promise<void> {
  const attributes = { 'order.id': id };
  await inSpan(`log ${entry.kind}`, { attributes }, async () => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await writeOnce(log, id, entry, trace);
      } catch (error) {
        const mayRetry = isUnanswered(error);
        if (mayRetry && entry.kind === 'ended') return; // harmless: recovery will end it
        if (!mayRetry) throw error;
        await pauseAfter(attempt);
      }
    }
  });
}

/** Waits before the next attempt. @param attempt the attempt that just failed, from 1 */
export function pauseAfter(attempt: number): Promise<void> {
  return wait(backOffMs(BACK_OFF, attempt, Math.random()));
}

/** 'superseded' counts as an answer: no retry can succeed after it. */
function isUnanswered(error: unknown): boolean {
  if (!(error instanceof Failure) || error.code === 'superseded') return false;
  return error.certainty === 'indefinite';
}

function writeOnce(
  log: DecisionLog,
  id: string,
  entry: LogRecord,
  trace: string | null,
): Promise<void> {
  if (entry.kind === 'ended') return log.ended(id);
  const transaction = { id, participants: [...entry.participants], traceparent: trace };
  if (entry.kind === 'begun') return log.begun(transaction);
  return log.decided({ ...transaction, decision: entry.decision, reason: entry.reason });
}
