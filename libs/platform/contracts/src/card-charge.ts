import { z } from 'zod';
import { orderId } from './identifiers.ts';
import { cents } from './money.ts';

/** What a shop knows of a card: a name at the processor, never its number. */
const cardToken = z.string().regex(/^card-[a-z0-9-]{1,60}$/, '"card-", a-z, digits, "-"');

/** POST /charges of the card processor: with `capture` the money is taken, else only held. */
export const requestCardCharge = z.strictObject({
  card: cardToken,
  amountCents: cents,
  /** The order that it is for: the shop's own name, which the processor only keeps. */
  reference: orderId,
  capture: z.boolean(),
});
export type RequestCardCharge = z.infer<typeof requestCardCharge>;

/**
 * A charge in the books of the card processor: one for each key. HELD becomes CAPTURED or VOIDED;
 * the other three are final.
 */
export const cardCharge = z.object({
  id: z.uuid(),
  /** The idempotency key that it was asked for with. */
  key: z.string(),
  card: cardToken,
  amountCents: cents,
  reference: orderId,
  status: z.enum(['HELD', 'CAPTURED', 'DECLINED', 'VOIDED']),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type CardCharge = z.infer<typeof cardCharge>;

/** GET /charges: oldest first; `next` is the cursor of the page after. */
export const cardChargePage = z.object({ items: z.array(cardCharge), next: z.uuid().nullable() });
