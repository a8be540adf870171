import type { Scenario } from '@indoubt/lab';

export default {
  name: '2pc-participant-crash-before-prepare',
  group: 'Two-phase commit',
  fault: 'inventory dies working',
  teaches: 'not prepared is not done',
  coordinations: ['2pc'],
  steps: [
    'Alice orders tea. Inventory does its work in a transaction that is still open.',
    'Before PREPARE TRANSACTION it is killed with SIGKILL: PostgreSQL rolls its work back.',
    'The coordinator gets no vote. That is not a yes, so it decides abort.',
    'Inventory is started again, and is told the abort: it knows nothing of the branch, and leaves',
    'a tombstone, so that a prepare that was only late would be refused. Then Alice tries again.',
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
