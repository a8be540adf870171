import type { Scenario } from '@indoubt/lab';

export default {
  name: '2pc-abort',
  group: 'Two-phase commit',
  fault: 'payment declined',
  teaches: 'one vote of no aborts all branches',
  coordinations: ['2pc'],
  steps: [
    'Carol has 5.00. She orders two mugs for 24.00.',
    'Inventory prepares its branch: it reserves the mugs, but no other transaction sees that yet.',
    'Payment declines and votes no. One vote of no is enough: the coordinator decides abort.',
    'The coordinator writes no log record: a transaction without a record counts as aborted.',
    'Inventory rolls its branch back. The order is REJECTED, and no compensation was needed.',
  ],
  invariants: ['INV-1', 'INV-2', 'INV-4', 'INV-11'],
  adrs: [13, 14],
  async run(lab) {
    const lines = [{ sku: 'mug', quantity: 2 }];
    const order = await lab.placeOrder({ customerId: 'carol', lines });
    const { reason } = await lab.reaches(order, 'REJECTED');
    const declined = reason === 'payment-declined';
    lab.expect(
      'the order is rejected with the reason payment-declined',
      declined,
      `reason: ${reason}`,
    );
    const { presume } = await lab.happened('transaction-begun', { orderId: order });
    const durable = lab.count('decision-made', { orderId: order, durable: true });
    const presumed = presume === 'abort' ? 'abort' : 'nothing';
    const wanted = presumed === 'abort' ? 0 : 1;
    const title = `presume ${presumed}: abort records in the log`;
    lab.expect(title, durable === wanted, `durable abort records: ${durable}`);
    const released = await lab.deliveries(order, 'release-stock');
    lab.expect('no compensation was sent', released === 0, `release-stock sent: ${released}`);
  },
} satisfies Scenario;
