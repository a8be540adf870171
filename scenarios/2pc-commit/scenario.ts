import type { Scenario } from '@indoubt/lab';

export default {
  name: '2pc-commit',
  group: 'Two-phase commit',
  fault: 'none',
  teaches: 'all vote yes, one row decides, all commit',
  coordinations: ['2pc'],
  steps: [
    'Alice orders tea and a mug. The order service sends the coordinator one transaction.',
    'Phase one: inventory, payment and order do their work and run PREPARE TRANSACTION.',
    'Each votes yes. Its branch is on disk and locked, and only the coordinator may end it.',
    'The coordinator writes one row: commit. From then on the decision is final.',
    'Phase two: each branch is committed. The order is CONFIRMED; it was never PENDING.',
  ],
  invariants: ['INV-3', 'INV-11'],
  adrs: [13, 14, 15],
  async run(lab) {
    const lines = [
      { sku: 'tea', quantity: 2 },
      { sku: 'mug', quantity: 1 },
    ];
    const order = await lab.placeOrder({ customerId: 'alice', lines });
    await lab.reaches(order, 'CONFIRMED');
    const votes = lab.count('branch-voted', { orderId: order, vote: 'yes' });
    lab.expect('all three participants voted yes, once', votes === 3, `votes yes: ${votes}`);
    const decisions = lab.count('decision-made', { orderId: order, durable: true });
    lab.expect(
      'one durable write made the decision',
      decisions === 1,
      `durable decisions: ${decisions}`,
    );
  },
} satisfies Scenario;
