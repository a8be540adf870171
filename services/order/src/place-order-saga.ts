import { capturePayment, type Message, releaseStock, reserveStock } from '@indoubt/contracts';
import type { Saga } from '@indoubt/saga';
import { type OrderData, orderCommands } from './order-commands.ts';

/** The saga as data. Time-outs and the number of attempts are settings. */
export function placeOrderSaga(timing: { answerWithinMs: number; attemptsMax: number }) {
  return {
    name: 'place-order',
    owner: 'order',
    steps: [
      { name: 'reserve-stock', to: 'inventory', kind: 'compensatable', undo: 'release-stock' },
      { name: 'capture-payment', to: 'payment', kind: 'pivot' },
      { name: 'confirm-order', to: 'order', kind: 'retriable' },
    ],
    whenCompensated: 'reject-order',
    retryAfterMaxMs: 30_000,
    ...timing,
  } as const satisfies Saga;
}

/** Topic, type and body of a step's command. */
export function placeOrderCommand(
  step: string,
  data: OrderData,
): Pick<Message, 'topic' | 'type' | 'body'> {
  switch (step) {
    case 'reserve-stock':
      return { topic: reserveStock.topic, ...orderCommands.reserveStock(data) };
    case 'release-stock':
      return { topic: releaseStock.topic, ...orderCommands.releaseStock(data) };
    case 'capture-payment':
      return { topic: capturePayment.topic, ...orderCommands.capturePayment(data) };
    default:
      throw new Error(`place-order has no command for "${step}"`);
  }
}
