import type { FailpointName } from '@indoubt/chaos';
import { expect, test } from 'vitest';
import { backAfter, type OpenLab, sharedLab } from './open-lab.ts';
import { sharedServers } from './shared-servers.ts';

/** The end of the order that met the crash. Gone: the crash of order itself lost the order. */
type Fate = 'CONFIRMED' | 'REJECTED' | 'gone';

const lab = sharedLab(sharedServers(), { coordination: '2pc', chaos: { control: true } });
const TEA = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 2 }] };
const ORDERS = 2;

/** Every window of the protocol: the failpoint, the hit that crashes, the end of that order. */
const CRASHES: [failpoint: FailpointName, hit: number, fate: Fate][] = [
  ['inventory:worked-not-prepared', 1, 'REJECTED'],
  ['inventory:prepared-not-voted', 1, 'REJECTED'],
  ['inventory:finished-not-acknowledged', 1, 'CONFIRMED'],
  ['payment:worked-not-prepared', 1, 'REJECTED'],
  ['payment:prepared-not-voted', 1, 'REJECTED'],
  ['payment:finished-not-acknowledged', 1, 'CONFIRMED'],
  ['order:worked-not-prepared', 1, 'gone'],
  ['order:prepared-not-voted', 1, 'gone'],
  ['order:finished-not-acknowledged', 1, 'CONFIRMED'],
  ['coordinator:voted-not-decided', 1, 'REJECTED'],
  ['coordinator:voted-not-decided', 2, 'REJECTED'],
  ['coordinator:decided-not-sent', 1, 'CONFIRMED'],
  ['coordinator:decided-not-sent', 2, 'CONFIRMED'],
  ['coordinator:acknowledged-not-ended', 1, 'CONFIRMED'],
  ['coordinator:acknowledged-not-ended', 2, 'CONFIRMED'],
];

test.each(CRASHES)('after a crash at %s, hit %i, the order is %s', async (failpoint, hit, fate) => {
  const open = lab();
  await open.arm(`${failpoint}=crash@${hit}`);
  const ids: string[] = [];
  for (let n = 1; n <= ORDERS; n += 1) {
    ids.push(await place(open, ids));
    if (n === hit) await backAfter(open, failpoint);
  }
  expect(await open.broken()).toEqual([]);
  const orders = await Promise.all(ids.map((id) => open.client.read(id)));
  const others = Array<Fate>(ORDERS).fill('CONFIRMED');
  expect(orders.map(statusOf)).toEqual(others.with(hit - 1, fate));
});

test('an end record that a crashed server lost is written again without an effect', async () => {
  const open = lab();
  const id = await open.placeOrder(TEA);
  expect(await open.broken()).toEqual([]);
  // A crash of the coordinator's server can lose an end record: its commit does not wait for disk.
  const { pool } = open.lab.databases.coordinator;
  await pool.query('update transactions set ended_at = null where id = $1', [id]);
  expect(await open.broken()).toEqual([]);
});

function statusOf(order: Awaited<ReturnType<OpenLab['client']['read']>>) {
  return typeof order === 'object' ? order.status : (order ?? 'gone');
}

/** Places an order. @returns its id, from the reply, or from the record if the service crashed */
async function place(open: OpenLab, known: string[]): Promise<string> {
  try {
    return await open.placeOrder(TEA);
  } catch {
    const placed = await open.event(({ event, orderId }) => {
      return event === 'order-placed' && orderId !== undefined && !known.includes(orderId);
    });
    return String(placed.orderId);
  }
}
