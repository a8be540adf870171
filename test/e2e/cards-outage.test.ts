import { DEFAULT_WORLD, snapshotOf } from '@indoubt/lab';
import { expect, test } from 'vitest';
import { type OpenLab, openLab } from './open-lab.ts';
import { sharedServers } from './shared-servers.ts';

const servers = sharedServers();
const DORA = {
  id: 'dora',
  name: 'Dora',
  card: 'card-dora',
  balanceCents: 0,
  creditLimitCents: 0,
};
const WORLD = { ...DEFAULT_WORLD, customers: [...DEFAULT_WORLD.customers, DORA] };
const BY_CARD = { customerId: 'dora', lines: [{ sku: 'tea', quantity: 2 }] };

/** The processor dies of the first request, and stays away until the test brings it back. */
const DIES = {
  chaos: { rules: 'card-processor:asked-not-charged=crash@1' },
  leftDead: ['card-processor'],
} as const;

/** Statuses in both books: here, there. */
async function books(open: OpenLab, orderId: string): Promise<[string[], string[]]> {
  const { cardCharges, processorCharges } = await snapshotOf(open.lab, []);
  const of = (rows: { orderId: string; status: string }[]) =>
    rows.filter((row) => row.orderId === orderId).map(({ status }) => status);
  return [of(cardCharges), of(processorCharges)];
}

const unanswered = (open: OpenLab, id: string) =>
  open.event(({ event, orderId }) => event === 'charge-unanswered' && orderId === id);

test('outage, wait: orders stay PENDING, and are finished when the processor is back', async () => {
  await using open = await openLab(servers(), {
    world: WORLD,
    cards: { outage: 'wait', answerWithinMs: 500 },
    ...DIES,
  });
  const ids = [await open.placeOrder(BY_CARD), await open.placeOrder(BY_CARD)];
  await open.lab.services.died('card-processor');
  for (const id of ids) await unanswered(open, id);
  const pending = await Promise.all(ids.map((id) => open.client.read(id)));
  expect(pending).toMatchObject([{ status: 'PENDING' }, { status: 'PENDING' }]);
  await open.lab.services.restart('card-processor');
  for (const id of ids) await open.reaches(id, 'CONFIRMED');
  expect(await open.broken()).toEqual([]);
  for (const id of ids) expect(await books(open, id)).toEqual([['CAPTURED'], ['CAPTURED']]);
});

test('outage, refuse: what was never asked is refused; what may be charged waits', async () => {
  await using open = await openLab(servers(), {
    world: WORLD,
    cards: { outage: 'refuse', answerWithinMs: 500 },
    ...DIES,
  });
  const asked = await open.placeOrder(BY_CARD);
  await open.lab.services.died('card-processor');
  expect(await unanswered(open, asked)).toMatchObject({ mayBeCharged: true });
  const never = await open.placeOrder(BY_CARD);
  await open.reaches(never, 'REJECTED');
  expect(await open.client.read(never)).toMatchObject({ reason: 'payment-unavailable' });
  expect(await open.client.read(asked)).toMatchObject({ status: 'PENDING' });
  await open.lab.services.restart('card-processor');
  await open.reaches(asked, 'CONFIRMED');
  expect(await open.broken()).toEqual([]);
  expect(await books(open, asked)).toEqual([['CAPTURED'], ['CAPTURED']]);
  expect(await books(open, never)).toEqual([['VOIDED'], []]);
});

test('outage, refuse: an attempt that was overtaken while it stalled refuses nothing', async () => {
  const at = 'payment:requested-not-charged';
  await using open = await openLab(servers(), {
    world: WORLD,
    cards: { outage: 'refuse', answerWithinMs: 500 },
    chaos: {
      rules: `${at}=pause@1; card-processor:charged-not-answered=crash@1`,
      control: true,
    },
    leftDead: ['card-processor'],
  });
  const id = await open.placeOrder(BY_CARD);
  // The first attempt stalls; the second has the card charged, and never hears so.
  await open.lab.services.died('card-processor');
  const second = await unanswered(open, id);
  expect(second).toMatchObject({ attempts: 2, mayBeCharged: true });
  // The first goes on, finds nobody, and knows of no other.
  expect(await open.lab.chaos?.release(at)).toBe(1);
  await open.event((line) => line.event === 'charge-unanswered' && line.attempts > 5);
  expect(await open.client.read(id)).toMatchObject({ status: 'PENDING' });
  await open.lab.services.restart('card-processor');
  await open.reaches(id, 'CONFIRMED');
  expect(await open.broken()).toEqual([]);
  expect(await books(open, id)).toEqual([['CAPTURED'], ['CAPTURED']]);
});

test('outage, 2pc: always refused at once, for locks must not wait', async () => {
  await using open = await openLab(servers(), {
    world: WORLD,
    coordination: '2pc',
    cards: { outage: 'wait', answerWithinMs: 500 },
    ...DIES,
  });
  for (const id of [await open.placeOrder(BY_CARD), await open.placeOrder(BY_CARD)]) {
    await open.reaches(id, 'REJECTED');
    expect(await open.client.read(id)).toMatchObject({ reason: 'payment-unavailable' });
    expect(await books(open, id)).toEqual([[], []]);
  }
  await open.lab.services.restart('card-processor');
  expect(await open.broken()).toEqual([]);
});

test('an answer that comes after the caller has gone: asked again, and charged once', async () => {
  await using open = await openLab(servers(), {
    world: WORLD,
    cards: { answerWithinMs: 500 },
    chaos: { rules: 'card-processor:charged-not-answered=delay(1500ms)@1' },
  });
  const id = await open.placeOrder(BY_CARD);
  expect(await unanswered(open, id)).toMatchObject({ reason: 'timed-out', mayBeCharged: true });
  await open.reaches(id, 'CONFIRMED');
  expect(await open.broken()).toEqual([]);
  expect(await books(open, id)).toEqual([['CAPTURED'], ['CAPTURED']]);
});
