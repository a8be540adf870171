import type { Scenario } from '@indoubt/lab';

export default {
  name: 'saga-out-of-stock',
  group: 'Saga',
  fault: 'not enough stock',
  teaches: 'a refused first step leaves nothing to undo',
  coordinations: ['saga', '2pc'],
  steps: [
    'Alice orders tea and six kettles; only five kettles are left.',
    'Inventory reserves all lines or nothing: it refuses, and does not hold the tea either.',
    'No step was done before this one, so the saga compensates nothing.',
    'The order is REJECTED with the reason insufficient-stock; payment never got a command.',
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
