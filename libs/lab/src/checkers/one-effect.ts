import { capturePayment, releaseStock, reserveStock, stepAnswer } from '@indoubt/contracts';
import type { Snapshot } from '../snapshot.ts';
import { count } from './count.ts';
import { type Violation, violation } from './violation.ts';

type InboxRow = Snapshot['inbox'][number];
type Effect = { orderId: string; inboxRow: string; outcome: 'done' | 'refused'; named: string };

/**
 * INV-6: each command has one effect, however often it was delivered: no row twice, and every
 * effect and every answer has its one inbox row that says so.
 */
export function oneEffect(snapshot: Snapshot): Violation[] {
  const inbox = inboxByOrder(snapshot);
  const says = [
    ...repeated(snapshot),
    ...unansweredRows(snapshot),
    ...effectsOf(snapshot).flatMap((effect) => unremembered(effect, inbox)),
    ...captureAnswers(snapshot, inbox),
    ...reserveAnswers(snapshot, inbox),
    ...releaseAnswers(snapshot, inbox),
    ...forgottenAnswers(snapshot, inbox),
  ];
  return says.map(violation);
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

function unansweredRows({ inbox, sagas }: Snapshot): string[] {
  const known = new Set(sagas.map(({ id }) => id));
  return inbox.flatMap(({ owner, sagaId, step, answer }) => {
    const row = `${owner}'s inbox row of ${sagaId}:${step}`;
    if (!known.has(sagaId)) return [`${row} is of a saga that nobody started`];
    if (answer === null) return [`${row} was committed without its answer`];
    return [];
  });
}

/** Everything a participant did, and the inbox row that must remember it. */
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

/** A capture that was tried is written down, whichever way it was decided. */
function captureAnswers({ payments }: Snapshot, inbox: Map<string, InboxRow[]>): string[] {
  const decided = new Set(payments.map(({ orderId, status }) => place(orderId, status)));
  const { type } = capturePayment;
  const answered = [
    ...ordersAnswered(inbox, type, 'done').map((orderId) => [orderId, 'done', 'CAPTURED'] as const),
    ...ordersAnswered(inbox, type, 'refused').map(
      (orderId) => [orderId, 'refused', 'DECLINED'] as const,
    ),
  ];
  return answered
    .filter(([orderId, , status]) => !decided.has(place(orderId, status)))
    .map(
      ([orderId, answer, status]) => `order ${orderId}: ${type} ${answer}, but no ${status} row`,
    );
}

/** All lines or none: a reservation that was answered done has each line, in its quantity. */
function reserveAnswers(snapshot: Snapshot, inbox: Map<string, InboxRow[]>): string[] {
  const lines = Map.groupBy(snapshot.orderLines, ({ orderId }) => orderId);
  const reserved = Map.groupBy(snapshot.reservations, ({ orderId, sku }) => place(orderId, sku));
  return ordersAnswered(inbox, reserveStock.type, 'done').flatMap((orderId) =>
    (lines.get(orderId) ?? []).flatMap(({ sku, quantity }) => {
      const rows = reserved.get(place(orderId, sku)) ?? [];
      if (rows.some((row) => row.quantity === quantity)) return [];
      const found = rows.map((row) => row.quantity).join(', ') || 'none';
      return [
        `order ${orderId}: reserve-stock done for ${quantity} × ${sku}, but reserved ${found}`,
      ];
    }),
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
