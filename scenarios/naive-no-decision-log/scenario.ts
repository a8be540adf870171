import type { Scenario } from '@indoubt/lab';

export default {
  name: 'naive-no-decision-log',
  group: 'Mistakes',
  fault: 'coordinator dies after one send',
  teaches: 'log the decision first',
  coordinations: ['2pc'],
  steps: [
    'Alice orders tea by two-phase commit. All three vote yes, and the decision is commit.',
    'The order service gets the decision, commits its own branch, and answers CONFIRMED.',
    'The coordinator is killed before it sends the decision to the others, and started again.',
    'With the mistake, the decision was only in memory. The log has no record: the others abort.',
    'Repaired, the decision is on disk before it is sent. The new coordinator sends it again.',
  ],
  variant: 'no-decision-log',
  chaos: 'coordinator:due-not-sent=crash@1',
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
