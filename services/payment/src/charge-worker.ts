import { failpoint } from '@indoubt/chaos';
import type { CardCharge, Message } from '@indoubt/contracts';
import { autocommit, type Pool, type Queries, type Tx, withTransaction } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import { type Log, type Repeating, runEvery } from '@indoubt/http';
import { saveAnswer } from '@indoubt/inbox';
import { contextOf, inSpan, record } from '@indoubt/record';
import { answerMessage } from '@indoubt/saga';
import type { CardProcessor } from './card-processor.ts';
import { type Attempt, afterAttempt, type ChargeStep, type Outage, pauseMs } from './charge.ts';
import {
  claimDue,
  type DueCharge,
  insertCardPayment,
  putOff,
  settleCharge,
} from './charge-store.ts';

export interface ChargeWorkerParts {
  pool: Pool;
  processor: Pick<CardProcessor, 'charge' | 'capture'>;
  outage: Outage;
  /** Milliseconds that an attempt may take. The lease of a claim is a little longer. */
  answerWithinMs: number;
  enqueue(tx: Tx, messages: Message[]): void;
  /** Called after a commit that put an answer into the outbox. */
  answered(): void;
  log: Log;
}

const AT_ONCE_MAX = 16;
/** The delay that a lost wake-up causes, and the maximum delay of a due charge. */
const POLL_EVERY_MS = 100;
const LEASE_MARGIN_MS = 500;

/**
 * Completes open charges: claims each charge, calls the processor outside of any transaction, and
 * writes the result in one transaction. After a crash a charge is due again when its lease ends, so
 * recovery needs no other code.
 */
export function runChargeWorker(parts: ChargeWorkerParts): Repeating {
  const read = autocommit(parts.pool);
  const running = new Set<Promise<void>>();
  const polling = runEvery(
    POLL_EVERY_MS,
    async () => {
      const room = AT_ONCE_MAX - running.size;
      if (room === 0) return;
      const due = await claimDue(read, room, parts.answerWithinMs + LEASE_MARGIN_MS);
      for (const charge of due) {
        const settling = attempt(parts, read, charge)
          .catch((error: unknown) =>
            parts.log.warn({ err: error }, 'a charge could not be completed; will try again'),
          )
          .finally(() => {
            running.delete(settling);
            if (running.size === AT_ONCE_MAX - 1) polling.wake();
          });
        running.add(settling);
      }
    },
    (error) => parts.log.warn({ err: error }, 'due charges could not be read; will try again'),
  );
  return {
    wake: polling.wake,
    async stop() {
      await polling.stop();
      await Promise.all(running);
    },
  };
}

/** One attempt, in the trace of the request for the charge. */
function attempt(parts: ChargeWorkerParts, read: Queries, charge: DueCharge): Promise<void> {
  const parent = charge.traceparent === null ? {} : { parent: contextOf(charge.traceparent) };
  const attributes = { 'order.id': charge.orderId, 'charge.attempts': charge.attempts };
  return inSpan('settle charge', { attributes, ...parent }, async () => {
    await failpoint('requested-not-charged', charge.orderId);
    const { ended, id } = await callProcessor(parts.processor, charge);
    if (ended.kind === 'answered') await failpoint('charged-not-recorded', charge.orderId);
    const step = afterAttempt(charge, ended, parts.outage);
    if (step.kind === 'settle') return settle(parts, charge, step, id);
    if (step.kind === 'retry') await retryLater(read, charge, step.mayBeCharged, ended);
  });
}

async function callProcessor(
  processor: ChargeWorkerParts['processor'],
  charge: DueCharge,
): Promise<{ ended: Attempt; id: string | null }> {
  const { key, card, amountCents, orderId, processorChargeId } = charge;
  try {
    const answer: CardCharge =
      processorChargeId === null
        ? await processor.charge(key, { card, amountCents, reference: orderId, capture: true })
        : await processor.capture(processorChargeId);
    return { ended: { kind: 'answered', status: answer.status }, id: answer.id };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, certainty } = error;
    return { ended: { kind: 'failed', code, certainty }, id: null };
  }
}

/** Writes charge, payment, inbox and answer in one transaction, unless the charge has ended. */
async function settle(
  parts: ChargeWorkerParts,
  charge: DueCharge,
  { status, answer, onlyIfLatest }: Extract<ChargeStep, { kind: 'settle' }>,
  processorChargeId: string | null,
): Promise<void> {
  await withTransaction(parts.pool, async (tx) => {
    if (!(await settleCharge(tx, charge, { status, onlyIfLatest, processorChargeId }))) return;
    const { sagaId, step, messageId, orderId } = charge;
    if (sagaId !== null && step !== null && messageId !== null) {
      insertCardPayment(tx, charge, answer.outcome === 'refused' ? answer.reason : null);
      saveAnswer(tx, { sagaId, step }, answer);
      parts.enqueue(tx, [answerMessage(orderId, { sagaId, step, messageId }, answer)]);
      tx.onCommit(parts.answered);
    }
    const { attempts, key } = charge;
    tx.onCommit(() => record({ event: 'charge-answered', orderId, key, status, attempts }));
  });
}

async function retryLater(
  read: Queries,
  charge: DueCharge,
  mayBeCharged: boolean,
  ended: Attempt,
): Promise<void> {
  const { orderId, key, attempts } = charge;
  const delayMs = pauseMs(attempts, Math.random);
  const reason = ended.kind === 'failed' ? ended.code : `answered ${ended.status}`;
  record({ event: 'charge-unanswered', orderId, key, reason, mayBeCharged, attempts, delayMs });
  await putOff(read, charge, mayBeCharged, delayMs);
}
