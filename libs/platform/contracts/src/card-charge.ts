import { z } from 'zod';
import { orderId } from './identifiers.ts';
import { cents } from './money.ts';

/** The token of a card at the processor: the shop does not know the number of the card. */
const cardToken = z.string().regex(/^card-[a-z0-9-]{1,60}$/, '"card-", a-z, digits, "-"');

/** Body of POST /charges of the card processor; without `capture` the money is only held. */
export const requestCardCharge = z.strictObject({
  card: cardToken,
  amountCents: cents,
  /** The order of the charge. The processor only stores this id. */
  reference: orderId,
  capture: z.boolean(),
});
export type RequestCardCharge = z.infer<typeof requestCardCharge>;

/**
 * A charge in the books of the card processor: one charge for each key. HELD becomes CAPTURED or
 * VOIDED; the other three statuses are final.
 */
export const cardCharge = z.object({
  id: z.uuid(),
  /** The idempotency key of the request. */
  key: z.string(),
  card: cardToken,
  amountCents: cents,
  reference: orderId,
  status: z.enum(['HELD', 'CAPTURED', 'DECLINED', 'VOIDED']),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type CardCharge = z.infer<typeof cardCharge>;

/**
 * A page of GET /charges, oldest first; `next` is the cursor of the next page, null on the last.
 */
export const cardChargePage = z.object({ items: z.array(cardCharge), next: z.uuid().nullable() });
