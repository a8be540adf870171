import { capturePayment, releaseStock, reserveStock, stepAnswer } from '@indoubt/contracts';
import { healthyHistory } from './healthy-history.fixture.ts';
import { GOODS, type Sku, type Story, totalOf } from './healthy-story.fixture.ts';
import { addTransaction } from './healthy-transaction.fixture.ts';
import type { Snapshot } from './snapshot.ts';

const DONE = { outcome: 'done' } as const;
const DECLINED = { outcome: 'refused', reason: 'payment-declined', detail: 'No money.' } as const;
const SOLD_OUT = { outcome: 'refused', reason: 'insufficient-stock', detail: 'No tea.' } as const;
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
 * A quiet lab without any violation, for tests to break. By sagas: order 1 was CONFIRMED although
 * its stock was requested twice and its charge was delivered twice; order 2 was declined and its
 * stock released; order 3 found no stock. By two-phase commit: order 4 was committed by all three
 * participants, one of them by an operator; order 5 found no stock; order 6 is free and made to
 * order, so only the order itself was written, in one phase. Orders 7 (by a saga) and 8 (by
 * two-phase commit) were paid by card.
 */
export function healthySnapshot(): Snapshot {
  const of = (sku: Sku, quantity: number) => ({ sku, quantity });
  const saga = { coordination: 'saga' } as const;
  const twoPhases = { coordination: '2pc', customerId: 'cleo' } as const;
  const snapshot = snapshotOf([
    {
      ...saga,
      customerId: 'ada',
      lines: [of('tea', 2), of('cup', 1)],
      outcome: 'confirmed',
      commandRetried: true,
      deliveredAgain: capturePayment.type,
    },
    { ...saga, customerId: 'bob', lines: [of('tea', 1)], outcome: 'declined' },
    { ...saga, customerId: 'ada', lines: [of('tea', 9)], outcome: 'sold-out' },
    {
      ...twoPhases,
      lines: [of('jug', 1), of('sample', 1), of('print', 2)],
      outcome: 'confirmed',
      guessed: true,
    },
    { ...twoPhases, lines: [of('jug', 9)], outcome: 'sold-out' },
    { ...twoPhases, lines: [of('song', 1)], outcome: 'confirmed', lastResource: true },
    { ...saga, customerId: 'dora', lines: [of('print', 1)], outcome: 'confirmed' },
    { ...twoPhases, customerId: 'dora', lines: [of('print', 3)], outcome: 'confirmed' },
  ]);
  return { ...snapshot, history: healthyHistory(snapshot) };
}

/** The rows that these orders leave without any fault. The first order is order-1. */
export function snapshotOf(stories: Story[]): Snapshot {
  const snapshot: Snapshot = {
    orders: [],
    orderLines: [],
    sagas: [],
    accounts: [
      { customerId: 'ada', openingCents: 15000, balanceCents: 15000 },
      { customerId: 'bob', openingCents: 0, balanceCents: 0 },
      { customerId: 'cleo', openingCents: 0, balanceCents: 0 },
      { customerId: 'dora', openingCents: 700, balanceCents: 700 },
    ],
    payments: [],
    cardCharges: [],
    processorCharges: [],
    keys: [],
    keysKeptMs: null,
    stock: Object.entries(GOODS).map(([sku, { madeToOrder }]) => {
      const opening = sku === 'tea' ? 3 : 0;
      return { sku, opening, available: opening, held: 0, madeToOrder };
    }),
    reservations: [],
    outbox: [],
    inbox: [],
    preparedTransactions: [],
    transactions: [],
    branches: [],
    heuristicDecisions: [],
    topics: [],
    acknowledged: [],
    handled: [],
    dropped: [],
    history: [],
  };
  stories.forEach((story, index) => {
    addOrder(snapshot, story, index + 1);
    addEffects(snapshot, story, index + 1);
    addKey(snapshot, story, index + 1);
    if (story.coordination === 'saga') addSaga(snapshot, story, index + 1);
    else addTransaction(snapshot, story, `order-${index + 1}`);
  });
  return snapshot;
}

function addOrder(snapshot: Snapshot, story: Story, order: number): void {
  const { customerId, lines, outcome, coordination } = story;
  const id = `order-${order}`;
  const status = outcome === 'confirmed' ? 'CONFIRMED' : 'REJECTED';
  const rest = { reason: REASONS[outcome], totalCents: totalOf(story), coordination };
  snapshot.orders.push({ id, customerId, status, ...rest });
  for (const { sku, quantity } of lines) {
    const { unitPriceCents } = GOODS[sku];
    snapshot.orderLines.push({ orderId: id, sku, quantity, unitPriceCents });
  }
  snapshot.acknowledged.push({ orderId: id, customerId, lines: structuredClone(lines) });
}

/**
 * The rows of payment and inventory. An aborted order leaves none. Openings grow with the orders,
 * so that any stories fit.
 */
function addEffects(snapshot: Snapshot, story: Story, order: number): void {
  const { accounts, payments, stock, reservations } = snapshot;
  const { customerId, lines, outcome, coordination } = story;
  const orderId = `order-${order}`;
  const confirmed = outcome === 'confirmed';
  if (coordination === '2pc' && !confirmed) return;
  const amountCents = totalOf(story);
  if (amountCents > 0 && (confirmed || outcome === 'declined')) {
    const id = `pay-${payments.length + 1}`;
    const status = confirmed ? 'CAPTURED' : 'DECLINED';
    const method = customerId === 'dora' ? 'card' : 'account';
    payments.push({ id, orderId, customerId, amountCents, status, method });
    if (method === 'card') addCharge(snapshot, coordination, { orderId, status, amountCents });
    else if (confirmed) rowOf(accounts, { customerId }).openingCents += amountCents;
  }
  for (const { sku, quantity } of outcome === 'sold-out' ? [] : lines) {
    if (GOODS[sku].madeToOrder) continue;
    const id = `res-${reservations.length + 1}`;
    const status = confirmed ? 'HELD' : 'RELEASED';
    reservations.push({ id, orderId, sku, quantity, status });
    if (!confirmed) continue;
    rowOf(stock, { sku }).opening += quantity;
    rowOf(stock, { sku }).held += quantity;
  }
}

type Charged = Omit<Snapshot['cardCharges'][number], 'key'>;

/** A charge on both sides, under the key that payment sent. */
function addCharge(snapshot: Snapshot, coordination: string, charge: Charged): void {
  const { orderId } = charge;
  const saga = orderId.replace('order', 'saga');
  const key = coordination === 'saga' ? `${saga}:${capturePayment.type}` : `${orderId}:hold`;
  snapshot.cardCharges.push({ ...charge, key });
  snapshot.processorCharges.push({ ...charge, key });
}

/** The stored response to the client of the order, under the key of the request. */
function addKey({ keys }: Snapshot, { coordination }: Story, order: number): void {
  const status = coordination === 'saga' ? 202 : 200;
  const [key, orderId, bodyHash] = [`key-${order}`, `order-${order}`, `answer-${order}`];
  keys.push({ scope: SCOPE, key, status, orderId, bodyHash, inProgress: false });
}

const SCOPE = 'anonymous POST /orders';

/** The saga, the inbox rows with their answers, and the messages. */
function addSaga(snapshot: Snapshot, story: Story, order: number): void {
  const { outcome } = story;
  const [id, orderId] = [`saga-${order}`, `order-${order}`];
  const status = outcome === 'confirmed' ? 'completed' : 'compensated';
  snapshot.sagas.push({ id, orderId, status, awaiting: null, attempts: 0 });
  for (const step of STEPS[outcome]) {
    const owner = step === capturePayment.type ? 'payment' : 'inventory';
    const declined = step === capturePayment.type && outcome !== 'confirmed' ? DECLINED : DONE;
    const answer = outcome === 'sold-out' ? SOLD_OUT : declined;
    snapshot.inbox.push({ owner, sagaId: id, step, answer: { ...answer } });
  }
  addMessages(snapshot, story, order);
}

/** Commands and answers in the outboxes of their owners and on the topics. */
function addMessages({ outbox, topics, handled }: Snapshot, story: Story, order: number): void {
  const deliver = (
    message: Pick<Snapshot['topics'][number], 'topic' | 'key' | 'messageId' | 'step'>,
  ) => {
    const partition = order % 2; // orders share partitions
    topics.push({ ...message, partition, offset: topics.length, deadLetterReason: null });
    handled.push({ messageId: message.messageId });
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
    const times = index === 0 && story.commandRetried === true ? 2 : 1;
    for (let time = 0; time < times; time += 1) send('order', topic, step, '');
    for (let time = 0; time < times; time += 1) send(owner, stepAnswer.topic, step, ':answer');
  });
}

/** The first row with these values. @throws Error when there is no such row: the test is wrong */
export function rowOf<Row extends object>(rows: Row[], where: Partial<Row>): Row {
  const wanted = Object.entries(where);
  const found = rows.find((row) =>
    wanted.every(([name, value]) => Reflect.get(row, name) === value),
  );
  if (found === undefined) throw new Error(`no row has ${JSON.stringify(where)}`);
  return found;
}

/** Removes the first row with these values from the table. */
export function removeRow<Row extends object>(rows: Row[], where: Partial<Row>): void {
  rows.splice(rows.indexOf(rowOf(rows, where)), 1);
}
