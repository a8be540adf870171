import { cardCharge, type RequestCardCharge } from '@indoubt/contracts';
import { Failure } from '@indoubt/failure';
import { z } from 'zod';

/** A charge in the journal, with `capture` of its request, to recognise a repeated request. */
export const bookedCharge = cardCharge.extend({ capture: z.boolean() });
export type BookedCharge = z.infer<typeof bookedCharge>;

/** The name of a card decides whether a charge is declined. */
function isDeclined({ card, amountCents }: RequestCardCharge): boolean {
  const [, limit] = /-limit-(\d{1,12})(?:-|$)/.exec(card) ?? [];
  return card.includes('declined') || (limit !== undefined && amountCents > Number(limit));
}

/** The charge for a new key: captured, held, or declined. Pure. */
export function newCharge(
  request: RequestCardCharge,
  { id, key, now }: { id: string; key: string; now: Date },
): BookedCharge {
  const granted = request.capture ? 'CAPTURED' : 'HELD';
  const at = now.toISOString();
  const status = isDeclined(request) ? 'DECLINED' : granted;
  return { ...request, id, key, status, createdAt: at, updatedAt: at };
}

/** @throws Failure 'idempotency-key-reused' (definite) when the key has another request */
export function checkSame(charge: BookedCharge, request: RequestCardCharge): void {
  const { card, amountCents, reference, capture } = request;
  const isSame =
    charge.card === card &&
    charge.amountCents === amountCents &&
    charge.reference === reference &&
    charge.capture === capture;
  if (isSame) return;
  const detail = 'This key was used for another charge: use a new key, or repeat the old request.';
  throw new Failure('idempotency-key-reused', detail);
}

/**
 * Captures a hold. Pure.
 * @returns undefined when the charge is already captured
 * @throws Failure 'already-undone' (definite) when the charge is voided or declined
 */
export function capture(charge: BookedCharge, now: Date): BookedCharge | undefined {
  if (charge.status === 'CAPTURED') return undefined;
  if (charge.status === 'HELD') return changed(charge, 'CAPTURED', now);
  throw new Failure(
    'already-undone',
    `The charge is ${charge.status}: there is nothing to capture.`,
  );
}

/**
 * Voids a hold. Pure.
 * @returns undefined when the charge is voided or declined already
 * @throws Failure 'precondition-failed' (definite) when the charge is captured: it needs a refund
 */
export function release(charge: BookedCharge, now: Date): BookedCharge | undefined {
  if (charge.status === 'HELD') return changed(charge, 'VOIDED', now);
  if (charge.status !== 'CAPTURED') return undefined;
  throw new Failure(
    'precondition-failed',
    'The charge is CAPTURED, so it can no longer be voided.',
  );
}

function changed(charge: BookedCharge, status: BookedCharge['status'], now: Date): BookedCharge {
  return { ...charge, status, updatedAt: now.toISOString() };
}
