import { z } from 'zod';
import { customerId, orderId } from './identifiers.ts';
import { cents } from './money.ts';
import { TOPICS } from './topics.ts';

/** Command to payment, the pivot: authorise and capture the whole amount at once, or decline. */
export const capturePayment = {
  type: 'capture-payment',
  topic: TOPICS.paymentCommands,
  body: z.object({ orderId, customerId, amountCents: cents }),
} as const;
export type CapturePayment = z.infer<typeof capturePayment.body>;
