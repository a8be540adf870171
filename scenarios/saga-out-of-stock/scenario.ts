import type { Scenario } from '@indoubt/lab';

export default {
  name: 'saga-out-of-stock',
  group: 'Saga',
  fault: 'not enough stock',
  teaches: "the first step's refusal leaves nothing to undo",
  coordinations: ['saga', '2pc'],
  steps: [
    'Alice orders tea and six kettles; five are left.',
    'Inventory takes all lines or none: it refuses, and holds nothing, not even the tea.',
    'Nothing has happened before that step, so nothing is compensated.',
    'The order is REJECTED with the reason insufficient-stock; payment was never asked.',
  ],
  invariants: ['INV-2', 'INV-4', 'INV-10'],
  adrs: [2],
  async run(lab) {
    const order = await lab.placeOrder({
      customerId: 'alice',
      lines: [
        { sku: 'tea', quantity: 1 },
        { sku: 'kettle', quantity: 6 },
      ],
    });
    const { reason } = await lab.reaches(order, 'REJECTED');
    const short = reason === 'insufficient-stock';
    lab.expect('the order says that stock was short', short, `reason: ${reason}`);
    if (lab.coordination === 'saga') {
      const asked = await lab.deliveries(order, 'capture-payment');
      lab.expect('payment was never asked', asked === 0, `deliveries of capture-payment: ${asked}`);
    } else {
      const said = await lab.happened('decision-made', { orderId: order });
      const detail = `decision: ${said.decision}`;
      lab.expect('one vote of no aborted it all', said.decision === 'abort', detail);
    }
  },
} satisfies Scenario;
