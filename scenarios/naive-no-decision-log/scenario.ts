import type { Scenario } from '@indoubt/lab';

export default {
  name: 'naive-no-decision-log',
  group: 'Mistakes',
  fault: 'coordinator dies, one was told',
  teaches: 'write the decision, then tell',
  coordinations: ['2pc'],
  steps: [
    'Alice orders tea by two-phase commit. All three vote yes, and the decision is commit.',
    'The order service hears it, commits its own branch, and answers her: CONFIRMED.',
    'Before the coordinator tells the others, it is killed. Another one takes over.',
    'With the mistake the decision was in memory only: nothing in the log, abort is presumed.',
    'Repaired: the row was flushed before anyone heard of it. The next one tells the others.',
  ],
  variant: 'no-decision-log',
  chaos: 'coordinator:due-not-told=crash@1',
  invariants: ['INV-3', 'INV-4', 'INV-11'],
  adrs: [14, 15, 22],
  async run(lab) {
    const lines = [{ sku: 'tea', quantity: 1 }];
    const order = await lab.placeOrder({ customerId: 'alice', lines });
    await lab.reaches(order, 'CONFIRMED');
    for (const process of ['inventory', 'payment']) {
      await lab.happened('branch-ended', { process, orderId: order });
    }
  },
} satisfies Scenario;
