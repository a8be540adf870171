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
    lab.expect(
      'the order is rejected with the reason insufficient-stock',
      short,
      `reason: ${reason}`,
    );
    if (lab.coordination === 'saga') {
      const commands = await lab.deliveries(order, 'capture-payment');
      lab.expect(
        'payment never got a command',
        commands === 0,
        `deliveries of capture-payment: ${commands}`,
      );
    } else {
      const said = await lab.happened('decision-made', { orderId: order });
      const detail = `decision: ${said.decision}`;
      lab.expect('one vote of no aborted the transaction', said.decision === 'abort', detail);
    }
  },
} satisfies Scenario;
