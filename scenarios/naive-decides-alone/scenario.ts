import type { Scenario } from '@indoubt/lab';

export default {
  name: 'naive-decides-alone',
  group: 'Mistakes',
  fault: 'the decision is late',
  teaches: 'after a yes: wait, never decide',
  coordinations: ['2pc'],
  steps: [
    'Alice orders tea by two-phase commit. All vote yes, and the coordinator decides commit.',
    'The order service gets the decision and commits. The other two get it 3 s late.',
    'With the mistake: a participant that has waited too long aborts, to free its locks.',
    'Repaired: it requests the decision from the coordinator, gets commit, and commits.',
  ],
  variant: 'decides-alone',
  chaos: 'coordinator:due-not-sent=delay(3s)',
  invariants: ['INV-3', 'INV-4', 'INV-11'],
  adrs: [14, 17, 22],
  async run(lab) {
    const lines = [{ sku: 'tea', quantity: 1 }];
    const order = await lab.placeOrder({ customerId: 'alice', lines });
    for (const process of ['inventory', 'payment']) {
      await lab.happened('branch-ended', { process, orderId: order });
    }
  },
} satisfies Scenario;
