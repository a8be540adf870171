import { capturePayment, releaseStock, reserveStock, stepAnswer } from '@indoubt/contracts';
import type { Snapshot } from '../snapshot.ts';

/** How an order went: what the saga did follows from its outcome. */
export interface Story {
  customerId: 'ada' | 'bob';
  lines: { sku: 'tea' | 'cup'; quantity: number }[];
  outcome: 'confirmed' | 'declined' | 'sold-out' | 'timed-out';
  /** No answer in time: the first command was sent once more, and answered twice. */
  askedAgain?: boolean;
  /** This command was delivered once more, e.g. because the relay died after it had published. */
  deliveredAgain?: string;
}

const DONE = { outcome: 'done' } as const;
const DECLINED = { outcome: 'refused', reason: 'payment-declined', detail: 'No money.' } as const;
const SOLD_OUT = { outcome: 'refused', reason: 'insufficient-stock', detail: 'No tea.' } as const;
const PRICES = { tea: 1250, cup: 2500 };
const STEPS = {
  confirmed: [reserveStock.type, capturePayment.type],
  declined: [reserveStock.type, capturePayment.type, releaseStock.type],
  'sold-out': [reserveStock.type],
  'timed-out': [reserveStock.type, releaseStock.type],
};
const REASONS = {
  confirmed: null,
  declined: 'payment-declined',
  'sold-out': 'insufficient-stock',
  'timed-out': 'timed-out',
};

/**
 * A lab at rest in which nothing is wrong, for tests to break. Order 1 was CONFIRMED although its
 * stock was asked for twice, and its charge was delivered twice. Order 2 was declined and its stock
 * released. Order 3 found no stock.
 */
export function healthySnapshot(): Snapshot {
  const cup = { sku: 'cup', quantity: 1 } as const;
  const tea = (quantity: number) => ({ sku: 'tea', quantity }) as const;
  return snapshotOf([
    {
      customerId: 'ada',
      lines: [tea(2), cup],
      outcome: 'confirmed',
      askedAgain: true,
      deliveredAgain: capturePayment.type,
    },
    { customerId: 'bob', lines: [tea(1)], outcome: 'declined' },
    { customerId: 'ada', lines: [tea(9)], outcome: 'sold-out' },
  ]);
}

/** The rows that these orders leave when all goes as it should; order-1 is the first of them. */
export function snapshotOf(stories: Story[]): Snapshot {
  const snapshot: Snapshot = {
    orders: [],
    orderLines: [],
    sagas: [],
    accounts: [
      { customerId: 'ada', openingCents: 15000, balanceCents: 15000 },
      { customerId: 'bob', openingCents: 0, balanceCents: 0 },
    ],
    payments: [],
    stock: [
      { sku: 'tea', opening: 3, available: 3, held: 0 },
      { sku: 'cup', opening: 0, available: 0, held: 0 },
    ],
    reservations: [],
    outbox: [],
    inbox: [],
    preparedTransactions: [],
    topics: [],
    acknowledged: [],
  };
  stories.forEach((story, index) => {
    addOrder(snapshot, story, index + 1);
    addEffects(snapshot, story, index + 1);
    addMessages(snapshot, story, index + 1);
  });
  return snapshot;
}

function addOrder(snapshot: Snapshot, story: Story, order: number): void {
  const { customerId, lines, outcome } = story;
  const orderId = `order-${order}`;
  const [status, ended] =
    outcome === 'confirmed' ? ['CONFIRMED', 'completed'] : ['REJECTED', 'compensated'];
  const totalCents = totalOf(story);
  snapshot.orders.push({ id: orderId, customerId, status, reason: REASONS[outcome], totalCents });
  for (const { sku, quantity } of lines) {
    snapshot.orderLines.push({ orderId, sku, quantity, unitPriceCents: PRICES[sku] });
  }
  snapshot.sagas.push({ id: `saga-${order}`, orderId, status: ended, awaiting: null, asked: 0 });
  snapshot.acknowledged.push({ orderId, customerId, lines: structuredClone(lines) });
}

function totalOf({ lines }: Story): number {
  return lines.reduce((cents, { sku, quantity }) => cents + quantity * PRICES[sku], 0);
}

/** What payment and inventory did. Openings grow with it, so that any stories fit. */
function addEffects(snapshot: Snapshot, story: Story, order: number): void {
  const { accounts, payments, stock, reservations, inbox } = snapshot;
  const { customerId, lines, outcome } = story;
  const orderId = `order-${order}`;
  const confirmed = outcome === 'confirmed';
  for (const step of STEPS[outcome]) {
    const owner = step === capturePayment.type ? 'payment' : 'inventory';
    const declined = step === capturePayment.type && !confirmed ? DECLINED : DONE;
    const answer = outcome === 'sold-out' ? SOLD_OUT : declined;
    inbox.push({ owner, sagaId: `saga-${order}`, step, answer: { ...answer } });
  }
  if (confirmed || outcome === 'declined') {
    const [id, amountCents] = [`pay-${payments.length + 1}`, totalOf(story)];
    const status = confirmed ? 'CAPTURED' : 'DECLINED';
    payments.push({ id, orderId, customerId, amountCents, status });
    if (confirmed) rowOf(accounts, { customerId }).openingCents += amountCents;
  }
  for (const { sku, quantity } of outcome === 'sold-out' ? [] : lines) {
    const id = `res-${reservations.length + 1}`;
    const status = confirmed ? 'HELD' : 'RELEASED';
    reservations.push({ id, orderId, sku, quantity, status });
    if (!confirmed) continue;
    rowOf(stock, { sku }).opening += quantity;
    rowOf(stock, { sku }).held += quantity;
  }
}

/** Commands and answers: into their owners' outboxes, and onto the topics as the relays would. */
function addMessages({ outbox, topics }: Snapshot, story: Story, order: number): void {
  const deliver = (
    message: Pick<Snapshot['topics'][number], 'topic' | 'key' | 'messageId' | 'step'>,
  ) => {
    const partition = order % 2; // orders share partitions
    topics.push({ ...message, partition, offset: topics.length, deadLetterReason: null });
  };
  const send = (owner: string, topic: string, step: string, suffix: string) => {
    const message = {
      topic,
      key: `order-${order}`,
      messageId: `saga-${order}:${step}${suffix}`,
      step,
    };
    outbox.push({ ...message, owner, id: outbox.length + 1, published: true });
    deliver(message);
    if (suffix === '' && step === story.deliveredAgain) deliver(message);
  };
  STEPS[story.outcome].forEach((step, index) => {
    const { topic } = step === capturePayment.type ? capturePayment : reserveStock;
    const owner = step === capturePayment.type ? 'payment' : 'inventory';
    const times = index === 0 && story.askedAgain === true ? 2 : 1;
    for (let time = 0; time < times; time += 1) send('order', topic, step, '');
    for (let time = 0; time < times; time += 1) send(owner, stepAnswer.topic, step, ':answer');
  });
}

/** The first row with these values. @throws Error when there is none: the test itself is wrong */
export function rowOf<Row extends object>(rows: Row[], where: Partial<Row>): Row {
  const wanted = Object.entries(where);
  const found = rows.find((row) =>
    wanted.every(([name, value]) => Reflect.get(row, name) === value),
  );
  if (found === undefined) throw new Error(`no row has ${JSON.stringify(where)}`);
  return found;
}

/** Takes the first row with these values out of the table. */
export function removeRow<Row extends object>(rows: Row[], where: Partial<Row>): void {
  rows.splice(rows.indexOf(rowOf(rows, where)), 1);
}
