import { cardCharge, type RequestCardCharge } from '@indoubt/contracts';
import { Failure } from '@indoubt/failure';
import { z } from 'zod';

/** A charge as the journal has it: with what was asked for, to know the same request again. */
export const bookedCharge = cardCharge.extend({ capture: z.boolean() });
export type BookedCharge = z.infer<typeof bookedCharge>;

/** What the holder of a card would find out at a real processor. */
function isDeclined({ card, amountCents }: RequestCardCharge): boolean {
  const [, limit] = /-limit-(\d{1,12})(?:-|$)/.exec(card) ?? [];
  return card.includes('declined') || (limit !== undefined && amountCents > Number(limit));
}

/** The charge that a new key asks for: taken, only held, or declined. Pure. */
export function newCharge(
  request: RequestCardCharge,
  { id, key, now }: { id: string; key: string; now: Date },
): BookedCharge {
  const granted = request.capture ? 'CAPTURED' : 'HELD';
  const at = now.toISOString();
  const status = isDeclined(request) ? 'DECLINED' : granted;
  return { ...request, id, key, status, createdAt: at, updatedAt: at };
}

/** @throws Failure 'idempotency-key-reused' (definite) when the key was for something else */
export function checkSame(charge: BookedCharge, request: RequestCardCharge): void {
  const { card, amountCents, reference, capture } = request;
  const isSame =
    charge.card === card &&
    charge.amountCents === amountCents &&
    charge.reference === reference &&
    charge.capture === capture;
  if (isSame) return;
  const detail = 'This key was used for another charge: use a new one, or ask for the same again.';
  throw new Failure('idempotency-key-reused', detail);
}

/**
 * Takes what is held. Pure.
 * @returns undefined when that was done before
 * @throws Failure 'already-undone' (definite) when nothing is held any more, or never was
 */
export function capture(charge: BookedCharge, now: Date): BookedCharge | undefined {
  if (charge.status === 'CAPTURED') return undefined;
  if (charge.status === 'HELD') return changed(charge, 'CAPTURED', now);
  throw new Failure('already-undone', `The charge is ${charge.status}: there is nothing to take.`);
}

/**
 * Gives back what is held. Pure.
 * @returns undefined when nothing is held any more, or never was
 * @throws Failure 'precondition-failed' (definite) when it was taken: that would be a refund
 */
export function release(charge: BookedCharge, now: Date): BookedCharge | undefined {
  if (charge.status === 'HELD') return changed(charge, 'VOIDED', now);
  if (charge.status !== 'CAPTURED') return undefined;
  throw new Failure('precondition-failed', 'The charge is CAPTURED: it cannot be voided any more.');
}

function changed(charge: BookedCharge, status: BookedCharge['status'], now: Date): BookedCharge {
  return { ...charge, status, updatedAt: now.toISOString() };
}
