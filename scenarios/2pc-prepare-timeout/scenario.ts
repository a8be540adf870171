import type { Scenario } from '@indoubt/lab';

export default {
  name: '2pc-prepare-timeout',
  group: 'Two-phase commit',
  fault: 'payment hangs',
  teaches: 'a vote that is late counts as no',
  coordinations: ['2pc'],
  steps: [
    'Payment hangs (SIGSTOP): the process exists but does not answer. Alice orders tea.',
    'Inventory and order vote yes. Payment does not vote within 700 ms: the decision is abort.',
    'Inventory and order roll back. The order is REJECTED: timed-out.',
    'Payment continues (SIGCONT). A prepare and an abort wait for it, in either order.',
    'Either it prepares the branch and rolls it back, or the tombstone refuses the prepare.',
  ],
  invariants: ['INV-1', 'INV-4', 'INV-9', 'INV-11'],
  adrs: [14, 16],
  twoPhase: { prepareWithinMs: 700 },
  async run(lab) {
    lab.pause('payment');
    const lines = [{ sku: 'tea', quantity: 2 }];
    const order = await lab.placeOrder({ customerId: 'alice', lines });
    const { reason } = await lab.reaches(order, 'REJECTED');
    lab.expect(
      'the order is rejected with the reason timed-out',
      reason === 'timed-out',
      `reason: ${reason}`,
    );
    lab.resume('payment');
    await lab.happened('branch-ended', { process: 'payment', orderId: order, decision: 'abort' });
  },
} satisfies Scenario;
