import type { Scenario } from '@indoubt/lab';

export default {
  name: '2pc-abort',
  group: 'Two-phase commit',
  fault: 'card declined',
  teaches: 'one no is an abort, nothing to undo',
  coordinations: ['2pc'],
  steps: [
    'Carol, who has 5.00, orders two mugs for 24.00.',
    'Inventory prepares its branch: the mugs are held, but nobody can see that yet.',
    'Payment declines and votes no. One no is enough: the coordinator decides abort.',
    'It writes nothing: a log without a decision means abort (presumed abort).',
    'Inventory rolls its branch back. The order is REJECTED; no compensation was needed.',
  ],
  invariants: ['INV-1', 'INV-2', 'INV-4', 'INV-11'],
  adrs: [13, 14],
  async run(lab) {
    const lines = [{ sku: 'mug', quantity: 2 }];
    const order = await lab.placeOrder({ customerId: 'carol', lines });
    const { reason } = await lab.reaches(order, 'REJECTED');
    const declined = reason === 'payment-declined';
    lab.expect('the order says that the payment was declined', declined, `reason: ${reason}`);
    const { presume } = await lab.happened('transaction-begun', { orderId: order });
    const durable = lab.count('decision-made', { orderId: order, durable: true });
    const presumed = presume === 'abort' ? 'abort' : 'nothing';
    const wanted = presumed === 'abort' ? 0 : 1;
    const title = `presume ${presumed}: aborts written to the log`;
    lab.expect(title, durable === wanted, `durable: ${durable}`);
    const released = await lab.deliveries(order, 'release-stock');
    lab.expect('nothing was compensated', released === 0, `release-stock sent: ${released}`);
  },
} satisfies Scenario;
