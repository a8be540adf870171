import { capturePayment, type Message, releaseStock, reserveStock } from '@indoubt/contracts';
import type { Saga } from '@indoubt/saga';
import type { Order } from './order.ts';

/** The saga as data. How long it waits, and how often it asks, is configuration. */
export function placeOrderSaga(timing: { answerWithinMs: number; askMax: number }) {
  return {
    name: 'place-order',
    owner: 'order',
    steps: [
      { name: 'reserve-stock', to: 'inventory', kind: 'compensatable', undo: 'release-stock' },
      { name: 'capture-payment', to: 'payment', kind: 'pivot' },
      { name: 'confirm-order', to: 'order', kind: 'retriable' },
    ],
    whenCompensated: 'reject-order',
    askAgainMaxMs: 30_000,
    ...timing,
  } as const satisfies Saga;
}

/**
 * What every command of the saga is built from: kept in the saga's row, so that no step reads the
 * order.
 */
export type PlaceOrderData = Pick<Order, 'customerId' | 'totalCents'> & {
  orderId: string;
  lines: { sku: string; quantity: number }[];
};

/** Topic, type and body of a step's command. */
export function placeOrderCommand(
  step: string,
  { orderId, customerId, totalCents, lines }: PlaceOrderData,
): Pick<Message, 'topic' | 'type' | 'body'> {
  switch (step) {
    case 'reserve-stock':
      return { ...named(reserveStock), body: { orderId, lines } };
    case 'release-stock':
      return { ...named(releaseStock), body: { orderId } };
    case 'capture-payment':
      return { ...named(capturePayment), body: { orderId, customerId, amountCents: totalCents } };
    default:
      throw new Error(`place-order has no command for "${step}"`);
  }
}

function named({ topic, type }: Pick<Message, 'topic' | 'type'>) {
  return { topic, type };
}
