import type { FailpointName } from '@indoubt/chaos';
import { DEFAULT_WORLD, snapshotOf } from '@indoubt/lab';
import { expect, test } from 'vitest';
import { scaled } from '../runner/slowness.ts';
import { type OpenLab, openLab } from './open-lab.ts';
import { sharedServers } from './shared-servers.ts';

type Coordination = 'saga' | '2pc';

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

/** Charges of an order in our database and at the card processor, and its payments. */
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
  // The comparison is expensive, so it needs the secret.
  expect((await fetch(url)).status).toBe(401);
  const authorization = `Bearer ${open.lab.endpoints.secret}`;
  const request = () => fetch(url, { headers: { authorization } });
  // The crash of the processor opened a breaker, which closes a moment after the restart.
  await expect.poll(async () => (await request()).status, { timeout: scaled(10_000) }).toBe(200);
  return (await (await request()).json()) as { counts: Record<string, number> };
}

const kinds = ({ counts }: { counts: Record<string, number> }) =>
  Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));

test.each<Coordination>(['saga', '2pc'])(
  '%s: a customer with a card pays by card, once',
  async (coordination) => {
    await using open = await openLab(servers(), { world: WORLD, coordination });
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
  },
);

test.each<Coordination>(['saga', '2pc'])(
  '%s: a declined card rejects the order',
  async (coordination) => {
    await using open = await openLab(servers(), { world: WORLD, coordination });
    const orderId = await open.placeOrder({ ...BY_CARD, customerId: 'emil' });
    await open.reaches(orderId, 'REJECTED');
    expect(await open.client.read(orderId)).toMatchObject({ reason: 'payment-declined' });
    expect(await open.broken()).toEqual([]);
    const { there } = await money(open, orderId);
    expect(there).toEqual(['DECLINED']);
    expect(kinds(await compared(open))).toEqual({ agrees: 1 });
  },
);

const CRASHES: [coordination: Coordination, failpoint: FailpointName][] = [
  ['saga', 'payment:requested-not-charged'],
  ['saga', 'payment:charged-not-recorded'],
  ['saga', 'card-processor:received-not-charged'],
  ['saga', 'card-processor:charged-not-answered'],
  ['2pc', 'payment:charged-not-recorded'],
];

test.each(CRASHES)(
  '%s: after a crash at %s the card is charged once',
  async (coordination, failpoint) => {
    await using open = await openLab(servers(), {
      world: WORLD,
      coordination,
      chaos: { rules: `${failpoint}=crash@1` },
    });
    const orderId = await open.placeOrder(BY_CARD);
    await open.lab.services.died(failpoint.startsWith('payment:') ? 'payment' : 'card-processor');
    await open.reaches(orderId, 'CONFIRMED');
    expect(await open.broken()).toEqual([]);
    expect(await money(open, orderId)).toEqual(CHARGED_ONCE);
    expect(kinds(await compared(open))).toEqual({ agrees: 1 });
  },
);

const LOST_HOLDS: FailpointName[] = [
  'payment:held-not-worked',
  'card-processor:charged-not-answered',
];

test.each(LOST_HOLDS)(
  '2pc: after a crash at %s the hold without an order is voided',
  async (failpoint) => {
    await using open = await openLab(servers(), {
      world: WORLD,
      coordination: '2pc',
      chaos: { rules: `${failpoint}=crash@1` },
    });
    const orderId = await open.placeOrder(BY_CARD);
    await open.reaches(orderId, 'REJECTED');
    const found = await open.event(({ event }) => event === 'reconciled');
    expect(found).toMatchObject({ orderId, difference: 'hold-of-nobody' });
    expect(await open.broken()).toEqual([]);
    expect(await money(open, orderId)).toEqual({ here: [], there: ['VOIDED'], payments: [] });
    // The shop still takes orders.
    const next = await open.placeOrder(BY_CARD);
    await open.reaches(next, 'CONFIRMED');
    expect(await open.broken()).toEqual([]);
    expect(await money(open, next)).toEqual(CHARGED_ONCE);
  },
);
