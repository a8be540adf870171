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

/** The processor crashes at the first request, and stays down until the test restarts it. */
const CRASHES = {
  chaos: { rules: 'card-processor:received-not-charged=crash@1' },
  leftDead: ['card-processor'],
} as const;

/** Statuses of the charges of an order: in our database, and at the card processor. */
async function books(open: OpenLab, orderId: string): Promise<[string[], string[]]> {
  const { cardCharges, processorCharges } = await snapshotOf(open.lab, []);
  const of = (rows: { orderId: string; status: string }[]) =>
    rows.filter((row) => row.orderId === orderId).map(({ status }) => status);
  return [of(cardCharges), of(processorCharges)];
}

const unanswered = (open: OpenLab, id: string) =>
  open.event(({ event, orderId }) => event === 'charge-unanswered' && orderId === id);

test('outage=wait: orders stay PENDING until the card processor is back', async () => {
  await using open = await openLab(servers(), {
    world: WORLD,
    cards: { outage: 'wait', answerWithinMs: 500 },
    ...CRASHES,
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

test('outage=refuse: an unsent charge is refused, and a charge that may exist waits', async () => {
  await using open = await openLab(servers(), {
    world: WORLD,
    cards: { outage: 'refuse', answerWithinMs: 500 },
    ...CRASHES,
  });
  const sent = await open.placeOrder(BY_CARD);
  await open.lab.services.died('card-processor');
  expect(await unanswered(open, sent)).toMatchObject({ mayBeCharged: true });
  const unsent = await open.placeOrder(BY_CARD);
  await open.reaches(unsent, 'REJECTED');
  expect(await open.client.read(unsent)).toMatchObject({ reason: 'payment-unavailable' });
  expect(await open.client.read(sent)).toMatchObject({ status: 'PENDING' });
  await open.lab.services.restart('card-processor');
  await open.reaches(sent, 'CONFIRMED');
  expect(await open.broken()).toEqual([]);
  expect(await books(open, sent)).toEqual([['CAPTURED'], ['CAPTURED']]);
  expect(await books(open, unsent)).toEqual([['VOIDED'], []]);
});

test('outage=refuse: a stalled attempt that wakes later does not refuse the order', async () => {
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
  // The first attempt stalls. The second attempt charges the card, and its reply is lost.
  await open.lab.services.died('card-processor');
  const second = await unanswered(open, id);
  expect(second).toMatchObject({ attempts: 2, mayBeCharged: true });
  // The first attempt resumes. It reaches no processor, and does not know of the second attempt.
  expect(await open.lab.chaos?.release(at)).toBe(1);
  await open.event((line) => line.event === 'charge-unanswered' && line.attempts > 5);
  expect(await open.client.read(id)).toMatchObject({ status: 'PENDING' });
  await open.lab.services.restart('card-processor');
  await open.reaches(id, 'CONFIRMED');
  expect(await open.broken()).toEqual([]);
  expect(await books(open, id)).toEqual([['CAPTURED'], ['CAPTURED']]);
});

test('2pc refuses a card order at once during an outage, since locks must not wait', async () => {
  await using open = await openLab(servers(), {
    world: WORLD,
    coordination: '2pc',
    cards: { outage: 'wait', answerWithinMs: 500 },
    ...CRASHES,
  });
  for (const id of [await open.placeOrder(BY_CARD), await open.placeOrder(BY_CARD)]) {
    await open.reaches(id, 'REJECTED');
    expect(await open.client.read(id)).toMatchObject({ reason: 'payment-unavailable' });
    expect(await books(open, id)).toEqual([[], []]);
  }
  await open.lab.services.restart('card-processor');
  expect(await open.broken()).toEqual([]);
});

test('a charge whose reply comes after the time-out is retried and made once', async () => {
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
