import type { FailpointName } from '@indoubt/chaos';
import { DEFAULT_WORLD, snapshotOf } from '@indoubt/lab';
import { expect, test } from 'vitest';
import { type OpenLab, openLab } from './open-lab.ts';
import { sharedServers } from './shared-servers.ts';

type Way = 'saga' | '2pc';

const servers = sharedServers();
const customer = { balanceCents: 0, creditLimitCents: 0 };
const WORLD = {
  ...DEFAULT_WORLD,
  customers: [
    ...DEFAULT_WORLD.customers,
    { ...customer, id: 'dora', name: 'Dora', card: 'card-dora' },
    { ...customer, id: 'emil', name: 'Emil', card: 'card-declined' },
  ],
};
const lines = [{ sku: 'tea', quantity: 2 }];
const BY_CARD = { customerId: 'dora', lines };
const CENTS = 900;

/** What is written of an order: in both books, and as payments. */
async function money(open: OpenLab, orderId: string) {
  const { cardCharges, processorCharges, payments } = await snapshotOf(open.lab, []);
  const of = <Row extends { orderId: string; status: string }>(rows: Row[]) =>
    rows.filter((row) => row.orderId === orderId);
  return {
    here: of(cardCharges).map(({ status }) => status),
    there: of(processorCharges).map(({ status }) => status),
    payments: of(payments).map(({ status, method, amountCents }) => ({
      status,
      method,
      amountCents,
    })),
  };
}

const CHARGED_ONCE = {
  here: ['CAPTURED'],
  there: ['CAPTURED'],
  payments: [{ status: 'CAPTURED', method: 'card', amountCents: CENTS }],
};

async function compared(open: OpenLab): Promise<{ counts: Record<string, number> }> {
  const url = `${open.urlOf('payment')}/reconciliation`;
  // It is expensive: not for strangers.
  expect((await fetch(url)).status).toBe(401);
  const authorization = `Bearer ${open.lab.endpoints.secret}`;
  const ask = () => fetch(url, { headers: { authorization } });
  // A breaker that the processor's death has opened is open for a moment longer than it was dead.
  await expect.poll(async () => (await ask()).status, { timeout: 10_000 }).toBe(200);
  return (await (await ask()).json()) as { counts: Record<string, number> };
}

const kinds = ({ counts }: { counts: Record<string, number> }) =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

test.each<Way>(['saga', '2pc'])('%s: who has a card pays by it, once', async (way) => {
  await using open = await openLab(servers(), { world: WORLD, coordination: way });
  const byCard = await open.placeOrder(BY_CARD);
  const byBalance = await open.placeOrder({ ...BY_CARD, customerId: 'alice' });
  await open.reaches(byCard, 'CONFIRMED');
  await open.reaches(byBalance, 'CONFIRMED');
  expect(await open.broken()).toEqual([]);
  expect(await money(open, byCard)).toEqual(CHARGED_ONCE);
  expect(await money(open, byBalance)).toEqual({
    here: [],
    there: [],
    payments: [{ status: 'CAPTURED', method: 'account', amountCents: CENTS }],
  });
  expect((await open.client.account('dora')).balanceCents).toBe(0);
  expect(kinds(await compared(open))).toEqual({ agrees: 1 });
});

test.each<Way>(['saga', '2pc'])('%s: a card that is declined rejects the order', async (way) => {
  await using open = await openLab(servers(), { world: WORLD, coordination: way });
  const orderId = await open.placeOrder({ ...BY_CARD, customerId: 'emil' });
  await open.reaches(orderId, 'REJECTED');
  expect(await open.client.read(orderId)).toMatchObject({ reason: 'payment-declined' });
  expect(await open.broken()).toEqual([]);
  const { there } = await money(open, orderId);
  expect(there).toEqual(['DECLINED']);
  expect(kinds(await compared(open))).toEqual({ agrees: 1 });
});

const CRASHES: [way: Way, failpoint: FailpointName][] = [
  ['saga', 'payment:requested-not-charged'],
  ['saga', 'payment:charged-not-recorded'],
  ['saga', 'card-processor:asked-not-charged'],
  ['saga', 'card-processor:charged-not-answered'],
  ['2pc', 'payment:charged-not-recorded'],
];

test.each(CRASHES)('%s, death at %s: charged once, and the order is CONFIRMED', async (way, at) => {
  await using open = await openLab(servers(), {
    world: WORLD,
    coordination: way,
    chaos: { rules: `${at}=crash@1` },
  });
  const orderId = await open.placeOrder(BY_CARD);
  await open.lab.services.died(at.startsWith('payment:') ? 'payment' : 'card-processor');
  await open.reaches(orderId, 'CONFIRMED');
  expect(await open.broken()).toEqual([]);
  expect(await money(open, orderId)).toEqual(CHARGED_ONCE);
  expect(kinds(await compared(open))).toEqual({ agrees: 1 });
});

const LOST_HOLDS: FailpointName[] = [
  'payment:held-not-worked',
  'card-processor:charged-not-answered',
];

test.each(LOST_HOLDS)("2pc, death at %s: the hold is nobody's, and is voided", async (at) => {
  await using open = await openLab(servers(), {
    world: WORLD,
    coordination: '2pc',
    chaos: { rules: `${at}=crash@1` },
  });
  const orderId = await open.placeOrder(BY_CARD);
  await open.reaches(orderId, 'REJECTED');
  const found = await open.event(({ event }) => event === 'reconciled');
  expect(found).toMatchObject({ orderId, difference: 'hold-of-nobody' });
  expect(await open.broken()).toEqual([]);
  expect(await money(open, orderId)).toEqual({ here: [], there: ['VOIDED'], payments: [] });
  // The shop goes on.
  const next = await open.placeOrder(BY_CARD);
  await open.reaches(next, 'CONFIRMED');
  expect(await open.broken()).toEqual([]);
  expect(await money(open, next)).toEqual(CHARGED_ONCE);
});
