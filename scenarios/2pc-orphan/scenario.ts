import type { Scenario } from '@indoubt/lab';

const GID = 'stock-import-7';

export default {
  name: '2pc-orphan',
  group: 'Two-phase commit',
  fault: 'prepared by no one we know',
  teaches: 'list it, end it by hand',
  coordinations: ['2pc'],
  steps: [
    'A tool that imported stock has died between its two phases, and nobody knows its coordinator.',
    'Its prepared transaction holds the lock of the tea, through every restart, for ever.',
    'Inventory finds it and tells (orphan-found); it is not its own, so it leaves it alone.',
    'Alice orders tea: her branch waits for the lock, and is aborted when the time is up.',
    'An operator lists it (scenario indoubt), finds no one who knows it, and rolls it back.',
    'Alice orders again, and gets her tea.',
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
    const isNobodys = orphan?.transactionId === null;
    lab.expect('the list shows it as no one of ours', isNobodys, `listed: ${orphan?.gid}`);
    await lab.resolve(GID, 'abort');
    const second = await lab.placeOrder(order);
    await lab.reaches(second, 'CONFIRMED');
  },
} satisfies Scenario;
