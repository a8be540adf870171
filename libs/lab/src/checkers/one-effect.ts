import { capturePayment, releaseStock, reserveStock, stepAnswer } from '@indoubt/contracts';
import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { type Violation, violation } from '../evidence/violation.ts';
import { count } from '../text/count.ts';
import { branchEffects } from './branch-effects.ts';
import { needsByOrder } from './needs.ts';
import { twoPhaseOrders } from './two-phase-orders.ts';
import { unreservedLines } from './unreserved-lines.ts';

type InboxRow = Snapshot['inbox'][number];
type Effect = { orderId: string; step: string; outcome: 'done' | 'refused'; named: string };

/**
 * INV-6: each command has at most one effect, however often the command was delivered. Every effect
 * of a saga has exactly one inbox row with the same outcome, and every answer has its effect. In
 * two-phase commit the committed branch takes the place of the inbox row.
 */
export function oneEffect(snapshot: Snapshot): Violation[] {
  const inbox = inboxByOrder(snapshot);
  return [
    ...repeated(snapshot),
    ...unansweredRows(snapshot),
    ...effectsOfSagas(snapshot).flatMap((effect) => unremembered(effect, inbox)),
    ...branchEffects(snapshot),
    ...captureAnswers(snapshot, inbox),
    ...reserveAnswers(snapshot, inbox),
    ...releaseAnswers(snapshot, inbox),
    ...forgottenAnswers(snapshot, inbox),
  ];
}

/**
 * Inbox rows by "order step". Messages have the order id as their key, so steps are compared by
 * order, not by saga.
 */
function inboxByOrder({ inbox, sagas }: Snapshot): Map<string, InboxRow[]> {
  const orderOf = new Map(sagas.map(({ id, orderId }) => [id, orderId]));
  return Map.groupBy(inbox, ({ sagaId, step }) => place(orderOf.get(sagaId) ?? sagaId, step));
}

function place(orderId: string, step: string): string {
  return `${orderId} ${step}`;
}

function repeated({ reservations, payments }: Snapshot): Violation[] {
  const bySku = Map.groupBy(reservations, ({ orderId, sku }) => place(orderId, sku));
  const byOrder = Map.groupBy(payments, ({ orderId }) => orderId);
  return [
    ...[...bySku.values()].flatMap(([first, ...more]) => {
      if (first === undefined || more.length === 0) return [];
      const { orderId, sku } = first;
      const says = `order ${orderId}: ${sku} reserved ${timesOf([first, ...more])}`;
      return [violation('reserved-several-times', { orderId, sku }, says, reserveStock.type)];
    }),
    ...[...byOrder].flatMap(([orderId, rows]) => {
      if (rows.length < 2) return [];
      const says = `order ${orderId}: payment decided ${timesOf(rows)}`;
      return [violation('payment-decided-several-times', { orderId }, says, capturePayment.type)];
    }),
  ];
}

function timesOf(rows: { id: string }[]): string {
  return `${count(rows.length, 'time')}: ${rows.map(({ id }) => id).join(', ')}`;
}

function unansweredRows(snapshot: Snapshot): Violation[] {
  const orderOf = new Map(snapshot.sagas.map(({ id, orderId }) => [id, orderId]));
  const placed = twoPhaseOrders(snapshot);
  return snapshot.inbox.flatMap(({ owner, sagaId, step, answer }) => {
    const row = `${owner}'s inbox row of ${sagaId}:${step}`;
    const orderId = orderOf.get(sagaId);
    const messageId = `${sagaId}:${step}`;
    if (orderId === undefined) {
      const says = `${row} is of a saga that does not exist`;
      return [violation('inbox-row-of-unknown-saga', { sagaId, messageId }, says, step)];
    }
    const about = { orderId, sagaId, messageId };
    if (placed.has(orderId)) {
      const says = `${row} is of order ${orderId}, placed by 2PC`;
      return [violation('inbox-row-of-2pc-order', about, says, step)];
    }
    if (answer !== null) return [];
    const says = `${row} was committed without an answer`;
    return [violation('inbox-row-without-answer', about, says, step)];
  });
}

/** Every effect of a participant for a saga, with the inbox row that must record the effect. */
function effectsOfSagas(snapshot: Snapshot): Effect[] {
  const placed = twoPhaseOrders(snapshot);
  return effectsOf(snapshot).filter(({ orderId }) => !placed.has(orderId));
}

function effectsOf({ payments, reservations }: Snapshot): Effect[] {
  return [
    ...payments.map(({ id, orderId, status }): Effect => {
      const outcome = status === 'CAPTURED' ? 'done' : 'refused';
      const named = `payment ${id} (${status})`;
      return { orderId, step: capturePayment.type, outcome, named };
    }),
    ...reservations.flatMap(({ id, orderId, status }): Effect[] => {
      const made = { orderId, outcome: 'done', named: `reservation ${id} (${status})` } as const;
      const reserved = { ...made, step: reserveStock.type };
      return status === 'RELEASED' ? [reserved, { ...made, step: releaseStock.type }] : [reserved];
    }),
  ];
}

function unremembered(
  { orderId, step, outcome, named }: Effect,
  inbox: Map<string, InboxRow[]>,
): Violation[] {
  const rows = inbox.get(place(orderId, step)) ?? [];
  if (rows.length === 1 && rows[0]?.answer?.outcome === outcome) return [];
  const [row, ...more] = rows;
  const saying = row?.answer?.outcome ?? 'nothing';
  const one = more.length > 0 ? `${more.length + 1} inbox rows` : 'an inbox row';
  const found = row === undefined ? 'no inbox row' : `${one} saying ${saying}`;
  const says = `${named} of order ${orderId} has ${found} for ${step}`;
  return [violation('effect-without-inbox-row', { orderId }, says, step)];
}

/**
 * Every answered capture has a payment row, CAPTURED or DECLINED. An order with a total of 0 has no
 * payment row.
 */
function captureAnswers(snapshot: Snapshot, inbox: Map<string, InboxRow[]>): Violation[] {
  const { payments } = snapshot;
  const needs = needsByOrder(snapshot);
  const decided = new Set(payments.map(({ orderId, status }) => place(orderId, status)));
  const { type } = capturePayment;
  const answered = [
    ...ordersAnswered(inbox, type, 'done').map((orderId) => [orderId, 'done', 'CAPTURED'] as const),
    ...ordersAnswered(inbox, type, 'refused').map(
      (orderId) => [orderId, 'refused', 'DECLINED'] as const,
    ),
  ];
  return answered
    .filter(([orderId]) => needs.get(orderId)?.captureCents !== 0)
    .filter(([orderId, , status]) => !decided.has(place(orderId, status)))
    .map(([orderId, answer, status]) => {
      const says = `order ${orderId}: ${type} ${answer}, but no ${status} row`;
      return violation('answered-without-payment', { orderId }, says, type);
    });
}

/** An order whose reserve-stock was answered *done* has a reservation for each line. */
function reserveAnswers(snapshot: Snapshot, inbox: Map<string, InboxRow[]>): Violation[] {
  const unreserved = unreservedLines(snapshot);
  const { type } = reserveStock;
  return ordersAnswered(inbox, type, 'done').flatMap((orderId) =>
    (unreserved.get(orderId) ?? []).map(({ sku, says }) => {
      const text = `order ${orderId}: reserve-stock done for ${says}`;
      return violation('answered-without-reservation', { orderId, sku }, text, type);
    }),
  );
}

function releaseAnswers({ reservations }: Snapshot, inbox: Map<string, InboxRow[]>): Violation[] {
  const { type } = releaseStock;
  const held = Map.groupBy(
    reservations.filter(({ status }) => status === 'HELD'),
    ({ orderId }) => orderId,
  );
  const stillHeld = ordersAnswered(inbox, type, 'done').flatMap((orderId) =>
    (held.get(orderId) ?? []).map(({ id, quantity, sku }) => {
      const holds = `reservation ${id} holds ${quantity} × ${sku}`;
      const says = `order ${orderId}: release-stock done, but ${holds}`;
      return violation('released-but-held', { orderId, sku }, says, type);
    }),
  );
  const refused = [...inbox.values()]
    .flat()
    .filter(({ step, answer }) => step === type && answer?.outcome === 'refused')
    .map(({ sagaId }) => {
      const messageId = `${sagaId}:${type}`;
      const says = `${messageId} was refused: an undo must accept that there is nothing to undo`;
      return violation('release-refused', { sagaId, messageId }, says, type);
    });
  return [...stillHeld, ...refused];
}

function ordersAnswered(
  inbox: Map<string, InboxRow[]>,
  step: string,
  outcome: Effect['outcome'],
): string[] {
  return [...inbox]
    .filter(([, rows]) => rows.some((row) => row.step === step && row.answer?.outcome === outcome))
    .map(([key]) => key.slice(0, -step.length - 1));
}

/**
 * Answers without an inbox row. A participant that gets such a command again acts a second time.
 */
function forgottenAnswers({ outbox }: Snapshot, inbox: Map<string, InboxRow[]>): Violation[] {
  return outbox
    .filter(({ topic, key, step }) => topic === stepAnswer.topic && !inbox.has(place(key, step)))
    .map(({ owner, key, step, messageId }) => {
      const says = `order ${key}: ${owner} answered ${step} without an inbox row`;
      return violation('answer-without-inbox-row', { orderId: key, messageId }, says, step);
    });
}
