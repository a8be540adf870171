import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { count } from '../text/count.ts';
import { formatCents } from '../text/format-cents.ts';

/** The evidence for each invariant that holds: one line that says what was compared. */
export const compared = {
  money: ({ accounts, payments }: Snapshot) => {
    const [opening, left] = [
      sum(accounts.map(({ openingCents }) => openingCents)),
      sum(accounts.map(({ balanceCents }) => balanceCents)),
    ].map(formatCents);
    const captured = payments.filter(
      ({ status, method }) => status === 'CAPTURED' && method !== 'card',
    );
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
  confirmed: (snapshot: Snapshot) => {
    const isFree = snapshot.orders.some(({ totalCents }) => totalCents === 0);
    const isMade = snapshot.stock.some(({ madeToOrder }) => madeToOrder);
    const all = `${ordersThatAre(snapshot, 'CONFIRMED')}: each paid once, each line held`;
    return isFree || isMade ? `${all}, where there is anything to pay or hold` : all;
  },
  rejected: (snapshot: Snapshot) =>
    `${ordersThatAre(snapshot, 'REJECTED')}: nothing captured, nothing held`,
  acknowledged: ({ acknowledged, history }: Snapshot) => {
    const accepted = `${count(acknowledged.length, 'order')} accepted, and all of them exist`;
    const answers = history.filter(({ outcome }) => outcome === 'ok').length;
    return answers === 0
      ? accepted
      : `${accepted}; ${count(answers, 'answer')} agree with the rows`;
  },
  effects: (snapshot: Snapshot) => {
    const messages = delivered(snapshot);
    const once = new Set(messages.map(({ topic, messageId }) => `${topic} ${messageId}`)).size;
    const repeats = count(messages.length - once, 'repeat');
    const rows = count(snapshot.inbox.length, 'inbox row');
    const committed = snapshot.branches.filter(({ outcome }) => outcome === 'committed').length;
    const branches = count(committed, 'committed branch', 'committed branches');
    const done = committed === 0 ? rows : `${rows}, ${branches}`;
    return `${count(messages.length, 'message')} with ${repeats}: ${done}, one effect each`;
  },
  messages: (snapshot: Snapshot) => {
    const rows = count(snapshot.outbox.length, 'outbox row');
    return `${rows}, ${count(delivered(snapshot).length, 'message')} on the topics: all matched`;
  },
  order: (snapshot: Snapshot) => {
    const places = new Set(delivered(snapshot).map(({ topic, key }) => `${topic} ${key}`)).size;
    return `${count(places, 'sequence')} of messages (one for each order and topic): as written`;
  },
  quiet: ({ orders, sagas, branches, outbox }: Snapshot) => {
    const ended = `${count(orders.length, 'order')} and ${count(sagas.length, 'saga')} ended`;
    const nothingPrepared = branches.length === 0 ? '' : ', nothing prepared';
    const published = `${count(outbox.length, 'outbox row')} published`;
    return `${ended}${nothingPrepared}, ${published}, no dead letter`;
  },
  sagas: ({ sagas }: Snapshot) => {
    const completed = sagas.filter(({ status }) => status === 'completed').length;
    const parts = `${completed} completed, ${sagas.length - completed} compensated`;
    return `${count(sagas.length, 'saga')}: ${parts}, as their orders say`;
  },
  handled: ({ handled, dropped, ...snapshot }: Snapshot) => {
    const there = count(delivered(snapshot).length, 'message');
    const taken = dropped.length === 0 ? '' : `, ${dropped.length} dropped by a fault`;
    return `${there} on the topics, handled ${count(handled.length, 'time')}${taken}`;
  },
  keys: ({ keys, history }: Snapshot) => {
    const stored = keys.filter(({ status }) => status !== null);
    const orders = new Set(stored.flatMap(({ orderId }) => orderId ?? [])).size;
    const replays = history.filter((each) => each.kind === 'place-order' && each.replayed).length;
    const dead = keys.length - stored.length;
    const left = dead === 0 ? '' : `, ${dead} left by an attempt that died`;
    const again = count(replays, 'answer');
    return `${count(keys.length, 'key')}: ${count(orders, 'order')}, ${again} replayed${left}`;
  },
  cards: ({ processorCharges, cardCharges }: Snapshot) => {
    if (processorCharges.length + cardCharges.length === 0) return 'no order was paid by card';
    const captured = processorCharges.filter(({ status }) => status === 'CAPTURED');
    const cents = formatCents(sum(captured.map(({ amountCents }) => amountCents)));
    const taken = `${captured.length} captured (${cents}), none held`;
    return `${count(processorCharges.length, 'charge')}: ${taken}, as in the records of payment`;
  },
  decisions: ({ transactions, branches }: Snapshot) => {
    const committed = branches.filter(({ outcome }) => outcome === 'committed');
    const alone = committed.filter(({ onePhase }) => onePhase).length;
    const known = [...transactions.map(({ id }) => id), ...branches.map(transactionOf)];
    const [all, done] = [new Set(known).size, new Set(committed.map(transactionOf)).size];
    const inOnePhase = alone === 0 ? '' : ` (${alone} in one phase)`;
    const parts = `${done} committed${inOnePhase}, ${all - done} aborted`;
    return `${count(all, 'transaction')}: ${parts}, no branch differs`;
  },
};

function transactionOf({ transactionId }: Snapshot['branches'][number]): string {
  return transactionId;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function ordersThatAre({ orders }: Snapshot, wanted: string): string {
  return count(orders.filter(({ status }) => status === wanted).length, `${wanted} order`);
}

function delivered({ topics }: Pick<Snapshot, 'topics'>): Snapshot['topics'] {
  return topics.filter(({ deadLetterReason }) => deadLetterReason === null);
}
