import type { Scenario } from '@indoubt/lab';

export default {
  name: 'saga-compensation',
  group: 'Saga',
  fault: 'payment declined',
  teaches: 'reserved stock is released; the order says why',
  coordinations: ['saga', '2pc'],
  steps: [
    'Carol has 5.00. She orders two mugs for 24.00: the order is PENDING.',
    'Inventory reserves the mugs and commits: no rollback can undo that any more.',
    'Payment declines. A refusal is an answer, so it is definite.',
    'The saga compensates: it sends release-stock to inventory and waits for the answer.',
    'The order is REJECTED with the reason payment-declined.',
  ],
  invariants: ['INV-1', 'INV-2', 'INV-4', 'INV-10'],
  adrs: [2, 3, 4],
  async run(lab) {
    const order = await lab.placeOrder({
      customerId: 'carol',
      lines: [{ sku: 'mug', quantity: 2 }],
    });
    const { reason } = await lab.reaches(order, 'REJECTED');
    const declined = reason === 'payment-declined';
    lab.expect(
      'the order is rejected with the reason payment-declined',
      declined,
      `reason: ${reason}`,
    );
    const released = await lab.deliveries(order, 'release-stock');
    const detail = `deliveries of release-stock: ${released}`;
    if (lab.coordination === 'saga') {
      lab.expect('inventory got the command release-stock', released >= 1, detail);
    } else {
      lab.expect('the reservation was aborted, not compensated', released === 0, detail);
    }
  },
} satisfies Scenario;
