import type { Scenario } from '@indoubt/lab';

export default {
  name: '2pc-participant-crash-before-prepare',
  group: 'Two-phase commit',
  fault: 'inventory dies before it prepares',
  teaches: 'a branch that is not prepared has no effect',
  coordinations: ['2pc'],
  steps: [
    'Alice orders tea. Inventory does its work in a transaction that is still open.',
    'Inventory is killed (SIGKILL) before PREPARE TRANSACTION: PostgreSQL rolls its work back.',
    'The coordinator gets no vote. A missing vote is not a yes, so it decides abort.',
    'Inventory is started again and gets the abort, but it has no such branch.',
    'It leaves a tombstone, so that a late prepare would be refused. Alice orders again.',
  ],
  chaos: 'inventory:worked-not-prepared=crash@1',
  invariants: ['INV-4', 'INV-9', 'INV-11'],
  adrs: [14, 16],
  async run(lab) {
    const order = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 2 }] };
    const first = await lab.placeOrder(order);
    await lab.reaches(first, 'REJECTED');
    await lab.happened('branch-ended', { process: 'inventory', how: 'tombstone' });
    const second = await lab.placeOrder(order);
    await lab.reaches(second, 'CONFIRMED');
  },
} satisfies Scenario;
