import type { Snapshot } from '../snapshot.ts';
import { count } from './count.ts';
import { formatCents } from './format-cents.ts';

/** For each invariant that holds: what was compared, in one line. */
export const evidence = {
  money: ({ accounts, payments }: Snapshot) => {
    const [opening, left] = [
      sum(accounts.map(({ openingCents }) => openingCents)),
      sum(accounts.map(({ balanceCents }) => balanceCents)),
    ].map(formatCents);
    const captured = payments.filter(({ status }) => status === 'CAPTURED');
    const capturedCents = sum(captured.map(({ amountCents }) => amountCents));
    const parts = `${left} left + ${formatCents(capturedCents)} captured`;
    return `${count(accounts.length, 'account')}: ${opening} opening = ${parts}`;
  },
  stock: ({ stock }: Snapshot) => {
    const opening = sum(stock.map((row) => row.opening));
    const available = sum(stock.map((row) => row.available));
    const held = sum(stock.map((row) => row.held));
    const parts = `${available} available + ${held} held`;
    return `${count(stock.length, 'sku')}: ${opening} opening = ${parts}`;
  },
  confirmed: (snapshot: Snapshot) =>
    `${ordersThatAre(snapshot, 'CONFIRMED')}: each paid once, each line held`,
  rejected: (snapshot: Snapshot) =>
    `${ordersThatAre(snapshot, 'REJECTED')}: nothing captured, nothing held`,
  acknowledged: ({ acknowledged }: Snapshot) =>
    `${count(acknowledged.length, 'order')} accepted, and all of them there`,
  effects: (snapshot: Snapshot) => {
    const messages = delivered(snapshot);
    const once = new Set(messages.map(({ topic, messageId }) => `${topic} ${messageId}`)).size;
    const rows = count(snapshot.inbox.length, 'inbox row');
    const repeats = count(messages.length - once, 'repeat');
    return `${count(messages.length, 'message')} with ${repeats}: ${rows}, one effect each`;
  },
  messages: (snapshot: Snapshot) => {
    const rows = count(snapshot.outbox.length, 'outbox row');
    return `${rows}, ${count(delivered(snapshot).length, 'message')} on the topics: all matched`;
  },
  order: (snapshot: Snapshot) => {
    const places = new Set(delivered(snapshot).map(({ topic, key }) => `${topic} ${key}`)).size;
    return `${count(places, 'run')} of messages (one for each order and topic): as written`;
  },
  quiet: ({ orders, sagas, outbox }: Snapshot) =>
    `${count(orders.length, 'order')} and ${count(sagas.length, 'saga')} ended, ` +
    `${count(outbox.length, 'outbox row')} published, no dead letter`,
  sagas: ({ sagas }: Snapshot) => {
    const completed = sagas.filter(({ status }) => status === 'completed').length;
    const parts = `${completed} completed, ${sagas.length - completed} compensated`;
    return `${count(sagas.length, 'saga')}: ${parts}, as their orders say`;
  },
};

function sum(numbers: number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function ordersThatAre({ orders }: Snapshot, wanted: string): string {
  return count(orders.filter(({ status }) => status === wanted).length, `${wanted} order`);
}

function delivered({ topics }: Snapshot): Snapshot['topics'] {
  return topics.filter(({ deadLetterReason }) => deadLetterReason === null);
}
