export { type AccountView, accountView } from './account-view.ts';
export { type CapturePayment, capturePayment } from './capture-payment.ts';
export {
  type CardCharge,
  cardCharge,
  cardChargePage,
  type RequestCardCharge,
  requestCardCharge,
} from './card-charge.ts';
export { changeAccount } from './change-account.ts';
export { type Coordination, coordination } from './coordination.ts';
export { type CreateOrder, createOrder } from './create-order.ts';
export { customerId, orderId, sku } from './identifiers.ts';
export type { DeliveredMessage, Message, OutgoingMessage } from './message.ts';
export { CENTS_MAX } from './money.ts';
export { type OrderLine } from './order-line.ts';
export {
  type OrderStatus,
  type OrderView,
  orderPage,
  orderStatus,
  orderView,
} from './order-view.ts';
export { type PlaceOrder, placeOrder } from './place-order.ts';
export { problem } from './problem.ts';
export {
  type Finding,
  type FindingKind,
  findingKind,
  type Reconciliation,
  reconciliation,
} from './reconciliation.ts';
export { type ReleaseStock, releaseStock } from './release-stock.ts';
export { type ReserveStock, reserveStock } from './reserve-stock.ts';
export { type StepAnswer, stepAnswer } from './step-answer.ts';
export { type StockView, stockView } from './stock-view.ts';
export { deadLetterTopic, TOPICS, type Topic } from './topics.ts';
