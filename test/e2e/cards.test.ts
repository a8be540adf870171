import type { FailpointName } from '@indoubt/chaos';
import { DEFAULT_WORLD, snapshotOf } from '@indoubt/lab';
import { describe, expect, test } from 'vitest';
import { scaled } from '../runner/slowness.ts';
import { backAfter, type OpenLab, sharedLab } from './open-lab.ts';
import { sharedServers } from './shared-servers.ts';

type Coordination = 'saga' | '2pc';
/** The result of a comparison of our charges with the charges of the card processor, by kind. */
type Counts = { counts: Record<string, number> };

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

const PAID_BY_BALANCE = {
  here: [],
  there: [],
  payments: [{ status: 'CAPTURED', method: 'account', amountCents: CENTS }],
};

const CHARGED_AFTER = { broken: [], money: CHARGED_ONCE, found: { agrees: 1 } };

const HELD_BEFORE = {
  difference: 'hold-of-nobody',
  isOfOrder: true,
  broken: [],
  money: { here: [], there: ['VOIDED'], payments: [] },
};

async function compared(open: OpenLab): Promise<Counts> {
  const url = `${open.urlOf('payment')}/reconciliation`;
  // The comparison is expensive, so it needs the secret.
  expect((await fetch(url)).status).toBe(401);
  const authorization = `Bearer ${open.lab.endpoints.secret}`;
  const request = () => fetch(url, { headers: { authorization } });
  // The crash of the processor opened a breaker, which closes a moment after the restart.
  await expect.poll(async () => (await request()).status, { timeout: scaled(10_000) }).toBe(200);
  return (await (await request()).json()) as Counts;
}

/** How many charges of each kind a comparison finds more than an earlier comparison. */
function more(before: Counts, after: Counts): Record<string, number> {
  const differences = Object.entries(after.counts).map(([kind, count]) => {
    return [kind, count - (before.counts[kind] ?? 0)] as const;
  });
  return Object.fromEntries(differences.filter(([, count]) => count > 0));
}

/** The crashes after which the order is confirmed. */
const CRASHES: Record<Coordination, FailpointName[]> = {
  saga: [
    'payment:requested-not-charged',
    'payment:charged-not-recorded',
    'card-processor:received-not-charged',
    'card-processor:charged-not-answered',
  ],
  '2pc': ['payment:charged-not-recorded'],
};

/** The crashes before a transaction begins. */
const LOST_HOLDS: Record<Coordination, FailpointName[]> = {
  saga: [],
  '2pc': ['payment:held-not-worked', 'card-processor:charged-not-answered'],
};

describe.each<Coordination>(['saga', '2pc'])('%s', (coordination) => {
  const lab = sharedLab(servers, { world: WORLD, coordination, chaos: { control: true } });

  test(`${coordination}: a customer with a card pays by card, once`, async () => {
    const open = lab();
    const before = await compared(open);
    const byCard = await open.placeOrder(BY_CARD);
    const byBalance = await open.placeOrder({ ...BY_CARD, customerId: 'alice' });
    await open.reaches(byCard, 'CONFIRMED');
    await open.reaches(byBalance, 'CONFIRMED');
    expect(await open.broken()).toEqual([]);
    expect(await money(open, byCard)).toEqual(CHARGED_ONCE);
    expect(await money(open, byBalance)).toEqual(PAID_BY_BALANCE);
    expect((await open.client.account('dora')).balanceCents).toBe(0);
    expect(more(before, await compared(open))).toEqual({ agrees: 1 });
  });

  test(`${coordination}: a declined card rejects the order`, async () => {
    const open = lab();
    const before = await compared(open);
    const orderId = await open.placeOrder({ ...BY_CARD, customerId: 'emil' });
    await open.reaches(orderId, 'REJECTED');
    expect(await open.client.read(orderId)).toMatchObject({ reason: 'payment-declined' });
    expect(await open.broken()).toEqual([]);
    const { there } = await money(open, orderId);
    expect(there).toEqual(['DECLINED']);
    expect(more(before, await compared(open))).toEqual({ agrees: 1 });
  });

  test.each(CRASHES[coordination])(
    `${coordination}: after a crash at %s the card is charged once`,
    async (failpoint) => {
      expect(await chargedAfter(lab(), failpoint)).toEqual(CHARGED_AFTER);
    },
  );

  test.each(LOST_HOLDS[coordination])(
    `${coordination}: after a crash at %s the hold without an order is voided`,
    async (failpoint) => {
      const open = lab();
      expect(await heldBefore(open, failpoint)).toEqual(HELD_BEFORE);
      // The shop still takes orders.
      const next = await open.placeOrder(BY_CARD);
      await open.reaches(next, 'CONFIRMED');
      expect(await open.broken()).toEqual([]);
      expect(await money(open, next)).toEqual(CHARGED_ONCE);
    },
  );
});

/** Places an order that meets a crash, and is confirmed afterwards. */
async function chargedAfter(open: OpenLab, failpoint: FailpointName) {
  const before = await compared(open);
  await open.arm(`${failpoint}=crash@1`);
  const orderId = await open.placeOrder(BY_CARD);
  await backAfter(open, failpoint);
  await open.reaches(orderId, 'CONFIRMED');
  const broken = await open.broken();
  return { broken, money: await money(open, orderId), found: more(before, await compared(open)) };
}

/** Places an order whose crash leaves a hold at the card processor and no transaction. */
async function heldBefore(open: OpenLab, failpoint: FailpointName) {
  await open.arm(`${failpoint}=crash@1`);
  const orderId = await open.placeOrder(BY_CARD);
  await open.reaches(orderId, 'REJECTED');
  const { difference, orderId: of } = await open.event((line) => line.event === 'reconciled');
  const broken = await open.broken();
  return { difference, isOfOrder: of === orderId, broken, money: await money(open, orderId) };
}
