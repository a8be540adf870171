export { type AccountView, accountView } from './account-view.ts';
export { type CapturePayment, capturePayment } from './capture-payment.ts';
export { customerId, orderId, sagaId, sku } from './identifiers.ts';
export type { DeliveredMessage, Message, OutgoingMessage } from './message.ts';
export { CENTS_MAX, cents } from './money.ts';
export { LINES_MAX, type OrderLine, orderLine, QUANTITY_MAX } from './order-line.ts';
export {
  ORDER_STATUSES,
  type OrderPage,
  type OrderStatus,
  type OrderView,
  orderPage,
  orderStatus,
  orderView,
} from './order-view.ts';
export { type PlaceOrder, placeOrder } from './place-order.ts';
export { type Problem, problem } from './problem.ts';
export { type ReleaseStock, releaseStock } from './release-stock.ts';
export { type ReserveStock, reserveStock } from './reserve-stock.ts';
export { type StepAnswer, stepAnswer } from './step-answer.ts';
export { type StockView, stockView } from './stock-view.ts';
export { deadLetterTopic, TOPICS, type Topic } from './topics.ts';
