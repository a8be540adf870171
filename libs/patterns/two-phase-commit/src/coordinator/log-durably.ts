import { setTimeout as wait } from 'node:timers/promises';
import { backOffMs, Failure } from '@indoubt/failure';
import { inSpan } from '@indoubt/record';
import type { LogRecord } from '../protocol/coordinate.ts';
import type { DecisionLog } from './decision-log.ts';

const BACK_OFF = { baseMs: 100, maxMs: 1_000 };

interface Entry {
  /** Of the transaction. */
  id: string;
  entry: LogRecord;
  /** Whose trace a later coordinator should continue. */
  trace: string | null;
}

/**
 * Tries until the log has it: given up after a write that nobody answered, both could be true.
 * @throws Failure 'superseded', and every definite one: this coordinator writes nothing any more
 */
export async function logDurably(log: DecisionLog, { id, entry, trace }: Entry): Promise<void> {
  const attributes = { 'order.id': id };
  await inSpan(`log ${entry.kind}`, { attributes }, async () => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await writeOnce(log, id, entry, trace);
      } catch (error) {
        const mayRetry = isUnanswered(error);
        if (mayRetry && entry.kind === 'ended') return; // recovery finds it open: no harm done
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

/** Superseded is an answer: this coordinator writes nothing any more, however often it tries. */
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
