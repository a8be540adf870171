import { capturePayment, releaseStock, reserveStock, stepAnswer } from '@indoubt/contracts';
import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { count } from '../text/count.ts';
import { branchEffects } from './branch-effects.ts';
import { needsByOrder } from './needs.ts';
import { twoPhaseOrders } from './two-phase-orders.ts';
import { unreservedLines } from './unreserved-lines.ts';
import { type Violation, violation } from './violation.ts';

type InboxRow = Snapshot['inbox'][number];
type Effect = { orderId: string; inboxRow: string; outcome: 'done' | 'refused'; named: string };

/**
 * INV-6: each command has one effect, however often it was delivered: no row twice, and every
 * effect and every answer has its one inbox row that says so. Of two-phase commit it is a committed
 * branch that says so.
 */
export function oneEffect(snapshot: Snapshot): Violation[] {
  const inbox = inboxByOrder(snapshot);
  const says = [
    ...repeated(snapshot),
    ...unansweredRows(snapshot),
    ...effectsOfSagas(snapshot).flatMap((effect) => unremembered(effect, inbox)),
    ...branchEffects(snapshot),
    ...captureAnswers(snapshot, inbox),
    ...reserveAnswers(snapshot, inbox),
    ...releaseAnswers(snapshot, inbox),
    ...forgottenAnswers(snapshot, inbox),
  ];
  return says.map((text) => violation(text));
}

/** Inbox rows under "order step": a saga's steps are known by its order, as its messages are. */
function inboxByOrder({ inbox, sagas }: Snapshot): Map<string, InboxRow[]> {
  const orderOf = new Map(sagas.map(({ id, orderId }) => [id, orderId]));
  return Map.groupBy(inbox, ({ sagaId, step }) => place(orderOf.get(sagaId) ?? sagaId, step));
}

function place(orderId: string, step: string): string {
  return `${orderId} ${step}`;
}

function repeated({ reservations, payments }: Snapshot): string[] {
  const bySku = Map.groupBy(
    reservations,
    ({ orderId, sku }) => `order ${orderId}: ${sku} reserved`,
  );
  const byOrder = Map.groupBy(payments, ({ orderId }) => `order ${orderId}: payment decided`);
  return [...bySku, ...byOrder]
    .filter(([, rows]) => rows.length > 1)
    .map(([what, rows]) => `${what} ${count(rows.length, 'time')}: ${idsOf(rows)}`);
}

function idsOf(rows: { id: string }[]): string {
  return rows.map(({ id }) => id).join(', ');
}

function unansweredRows(snapshot: Snapshot): string[] {
  const orderOf = new Map(snapshot.sagas.map(({ id, orderId }) => [id, orderId]));
  const placed = twoPhaseOrders(snapshot);
  return snapshot.inbox.flatMap(({ owner, sagaId, step, answer }) => {
    const row = `${owner}'s inbox row of ${sagaId}:${step}`;
    const orderId = orderOf.get(sagaId);
    if (orderId === undefined) return [`${row} is of a saga that nobody started`];
    if (placed.has(orderId)) return [`${row} is of order ${orderId}, placed by 2PC`];
    if (answer === null) return [`${row} was committed without its answer`];
    return [];
  });
}

/** Everything a participant did for sagas, and the inbox row that must remember it. */
function effectsOfSagas(snapshot: Snapshot): Effect[] {
  const placed = twoPhaseOrders(snapshot);
  return effectsOf(snapshot).filter(({ orderId }) => !placed.has(orderId));
}

function effectsOf({ payments, reservations }: Snapshot): Effect[] {
  return [
    ...payments.map(({ id, orderId, status }): Effect => {
      const outcome = status === 'CAPTURED' ? 'done' : 'refused';
      return {
        orderId,
        inboxRow: capturePayment.type,
        outcome,
        named: `payment ${id} (${status})`,
      };
    }),
    ...reservations.flatMap(({ id, orderId, status }): Effect[] => {
      const made = { orderId, outcome: 'done', named: `reservation ${id} (${status})` } as const;
      const reserved = { ...made, inboxRow: reserveStock.type };
      return status === 'RELEASED'
        ? [reserved, { ...made, inboxRow: releaseStock.type }]
        : [reserved];
    }),
  ];
}

function unremembered(effect: Effect, inbox: Map<string, InboxRow[]>): string[] {
  const rows = inbox.get(place(effect.orderId, effect.inboxRow)) ?? [];
  if (rows.length === 1 && rows[0]?.answer?.outcome === effect.outcome) return [];
  const [row, ...more] = rows;
  const saying = row?.answer?.outcome ?? 'nothing';
  const one = more.length > 0 ? `${more.length + 1} inbox rows` : 'an inbox row';
  const found = row === undefined ? 'no inbox row' : `${one} saying ${saying}`;
  return [`${effect.named} of order ${effect.orderId} has ${found} for ${effect.inboxRow}`];
}

/** A capture that was tried is written down, whichever way it was decided; nothing was, of 0. */
function captureAnswers(snapshot: Snapshot, inbox: Map<string, InboxRow[]>): string[] {
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
    .map(
      ([orderId, answer, status]) => `order ${orderId}: ${type} ${answer}, but no ${status} row`,
    );
}

/** All lines or none: a reservation that was answered done has each line, in its quantity. */
function reserveAnswers(snapshot: Snapshot, inbox: Map<string, InboxRow[]>): string[] {
  const unreserved = unreservedLines(snapshot);
  return ordersAnswered(inbox, reserveStock.type, 'done').flatMap((orderId) =>
    (unreserved.get(orderId) ?? []).map(
      (line) => `order ${orderId}: reserve-stock done for ${line}`,
    ),
  );
}

function releaseAnswers({ reservations }: Snapshot, inbox: Map<string, InboxRow[]>): string[] {
  const held = Map.groupBy(
    reservations.filter(({ status }) => status === 'HELD'),
    ({ orderId }) => orderId,
  );
  const stillHeld = ordersAnswered(inbox, releaseStock.type, 'done').flatMap((orderId) =>
    (held.get(orderId) ?? []).map(
      ({ id, quantity, sku }) =>
        `order ${orderId}: release-stock done, but reservation ${id} holds ${quantity} × ${sku}`,
    ),
  );
  const refused = [...inbox.values()]
    .flat()
    .filter(({ step, answer }) => step === releaseStock.type && answer?.outcome === 'refused')
    .map(
      ({ sagaId }) => `${sagaId}:release-stock was refused: an undo must accept that nothing was`,
    );
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

/** An answer whose command nobody remembers: delivered again, the command would act again. */
function forgottenAnswers({ outbox }: Snapshot, inbox: Map<string, InboxRow[]>): string[] {
  return outbox
    .filter(({ topic, key, step }) => topic === stepAnswer.topic && !inbox.has(place(key, step)))
    .map(({ owner, key, step }) => `order ${key}: ${owner} answered ${step} without an inbox row`);
}
