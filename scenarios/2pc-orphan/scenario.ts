import type { Scenario } from '@indoubt/lab';

const GID = 'stock-import-7';

export default {
  name: '2pc-orphan',
  group: 'Two-phase commit',
  fault: 'a prepared transaction without owner',
  teaches: 'an operator finds and ends an orphan',
  coordinations: ['2pc'],
  steps: [
    'A stock import tool has died between its two phases. Its coordinator is unknown.',
    'Its prepared transaction keeps the lock on the tea, also after every restart.',
    'Inventory finds and reports it (orphan-found), but does not end a foreign transaction.',
    'Alice orders tea. Her branch waits for the lock and is aborted at the time-out.',
    'An operator lists the orphan (scenario indoubt), finds no owner, and rolls it back.',
    'Alice orders again and gets her tea.',
  ],
  invariants: ['INV-2', 'INV-9', 'INV-11'],
  adrs: [16, 17],
  twoPhase: { prepareWithinMs: 700 },
  async run(lab) {
    await lab.leaveOrphan({ owner: 'inventory', gid: GID, sku: 'tea' });
    await lab.happened('orphan-found', { gid: GID });
    const order = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 2 }] };
    const first = await lab.placeOrder(order);
    await lab.reaches(first, 'REJECTED');
    const orphan = (await lab.inDoubt()).find(({ gid }) => gid === GID);
    const isOrphan = orphan?.transactionId === null;
    lab.expect('the list shows it as an orphan', isOrphan, `listed: ${orphan?.gid}`);
    await lab.resolve(GID, 'abort');
    const second = await lab.placeOrder(order);
    await lab.reaches(second, 'CONFIRMED');
  },
} satisfies Scenario;
