import type { Mark } from './report-data.ts';
import type { StepKind } from './sequence-model.ts';

/** One thing that happens to the order of a made-up run; times count from the order's request. */
export interface SampleMoment {
  atMs: number;
  process: string;
  event: string;
  text: string;
  mark?: Mark;
  isDetail?: true;
  /** The step of the sequence diagram: kind, from, to, and the end of a step with a duration. */
  draws?: readonly [kind: StepKind, from: string, to: string, untilMs?: number];
  /** A second step of the diagram, with its own text, for what no event records. */
  beside?: readonly [kind: StepKind, from: string, to: string, text: string, untilMs?: number];
}

/** A saga whose relay dies after it has published, and whose payment is declined. */
export const SAGA_STORY: readonly SampleMoment[] = [
  moment(0, 'client', 'request-sent', 'sends the order: 2 x tea, Carol pays', {
    draws: ['request', 'client', 'order'],
  }),
  moment(6, 'order', 'order-placed', 'order, saga and outbox row written in one transaction', {
    draws: ['commit', 'order', 'orders-db'],
  }),
  moment(9, 'order', 'answer-sent', 'answers 202: the order is stored', {
    draws: ['answer', 'order', 'client'],
  }),
  moment(14, 'relay-order', 'outbox-claimed', 'claims 1 row of the outbox', { isDetail: true }),
  moment(21, 'relay-order', 'message-sent', 'sends reserve-stock to inventory', {
    draws: ['message', 'relay-order', 'kafka'],
  }),
  moment(22, 'relay-order', 'failpoint-hit', 'dies at published-not-marked', {
    mark: 'crash',
    draws: ['crash', 'relay-order', 'relay-order'],
  }),
  moment(27, 'inventory', 'message-received', 'receives reserve-stock', {
    isDetail: true,
    draws: ['message', 'kafka', 'inventory'],
  }),
  moment(33, 'inventory', 'failpoint-hit', 'delayed at received-not-worked', {
    mark: 'trouble',
    draws: ['note', 'inventory', 'inventory'],
    beside: ['lock-wait', 'inventory-db', 'inventory-db', 'waits for a lock: update stock', 48],
  }),
  moment(48, 'inventory', 'message-handled', 'holds 2 x tea', {
    mark: 'good',
    draws: ['commit', 'inventory', 'inventory-db'],
  }),
  moment(140, 'relay-order', 'process-started', 'is started again', {
    mark: 'restart',
    draws: ['restart', 'relay-order', 'relay-order'],
  }),
  moment(151, 'relay-order', 'message-sent', 'sends reserve-stock again', {
    mark: 'again',
    draws: ['retry', 'relay-order', 'kafka'],
  }),
  moment(158, 'inventory', 'message-handled', 'knows reserve-stock already: same answer again', {
    mark: 'again',
    draws: ['duplicate', 'kafka', 'inventory'],
  }),
  moment(171, 'order', 'saga-advanced', 'stock is held: sends the command capture-payment', {
    draws: ['decision', 'order', 'order'],
  }),
  moment(190, 'payment', 'message-handled', 'declines 24.00: only 5.00 in the account', {
    mark: 'refused',
    draws: ['refusal', 'payment', 'kafka'],
  }),
  moment(204, 'order', 'compensation-started', 'undoes what is done: release-stock', {
    mark: 'compensation',
    draws: ['compensation', 'order', 'kafka'],
  }),
  moment(226, 'inventory', 'message-handled', 'gives 2 x tea back', {
    mark: 'compensation',
    draws: ['compensation', 'inventory', 'inventory-db'],
  }),
  moment(240, 'order', 'order-rejected', 'the order is REJECTED: payment-declined', {
    mark: 'refused',
    draws: ['note', 'order', 'order'],
  }),
];

/** Two-phase commit whose coordinator dies after it has decided. */
export const TWO_PHASE_STORY: readonly SampleMoment[] = [
  moment(0, 'client', 'request-sent', 'sends the order: 2 x tea, Alice pays', {
    draws: ['request', 'client', 'order'],
  }),
  moment(4, 'order', 'transaction-begun', 'sends begin to the coordinator', {
    draws: ['request', 'order', 'coordinator'],
  }),
  moment(18, 'inventory', 'branch-voted', 'votes yes: prepared', {
    draws: ['prepared', 'inventory', 'inventory-db'],
    beside: ['answer', 'inventory', 'coordinator', 'votes yes'],
  }),
  moment(19, 'payment', 'branch-voted', 'votes yes: prepared', {
    draws: ['prepared', 'payment', 'payments-db'],
    beside: ['answer', 'payment', 'coordinator', 'votes yes'],
  }),
  moment(26, 'coordinator', 'decided', 'decides: commit', {
    mark: 'good',
    draws: ['decision', 'coordinator', 'coordinator-db'],
  }),
  moment(27, 'coordinator', 'failpoint-hit', 'dies at decided-not-sent', {
    mark: 'crash',
    draws: ['crash', 'coordinator', 'coordinator'],
  }),
  moment(31, 'inventory', 'outcome-requested', 'is in doubt: it does not receive the decision', {
    mark: 'in-doubt',
    draws: ['in-doubt', 'inventory-db', 'inventory-db', 212],
  }),
  moment(31, 'payment', 'outcome-requested', 'is in doubt: it does not receive the decision', {
    mark: 'in-doubt',
    draws: ['in-doubt', 'payments-db', 'payments-db', 214],
  }),
  moment(180, 'coordinator', 'process-started', 'is started again, and reads its log', {
    mark: 'restart',
    draws: ['restart', 'coordinator', 'coordinator'],
  }),
  moment(212, 'inventory', 'branch-ended', 'receives the decision and commits', {
    mark: 'good',
    draws: ['commit', 'inventory', 'inventory-db'],
  }),
  moment(214, 'payment', 'branch-ended', 'receives the decision and commits', {
    mark: 'good',
    draws: ['commit', 'payment', 'payments-db'],
  }),
  moment(230, 'order', 'answer-sent', 'answers 200: CONFIRMED', {
    mark: 'good',
    draws: ['answer', 'order', 'client'],
  }),
];

function moment(
  atMs: number,
  process: string,
  event: string,
  text: string,
  rest: Pick<SampleMoment, 'mark' | 'isDetail' | 'draws' | 'beside'> = {},
): SampleMoment {
  return { atMs, process, event, text, ...rest };
}
