import type { Scenario } from '@indoubt/lab';

export default {
  name: 'saga-happy-path',
  group: 'Saga',
  fault: 'none',
  teaches: 'three services place an order without a shared transaction',
  coordinations: ['saga', '2pc'],
  steps: [
    'Alice orders tea and a mug, Bob orders tea. Both get 202; their orders are PENDING.',
    'The saga of each order sends reserve-stock to inventory, then capture-payment to payment.',
    'Payment is the pivot: once it has captured the money, the order is CONFIRMED.',
  ],
  invariants: ['INV-1', 'INV-2', 'INV-3', 'INV-5', 'INV-7'],
  adrs: [2, 3, 5],
  async run(lab) {
    const quantity = 1 + Math.floor(lab.random() * 3);
    const first = await lab.placeOrder({
      customerId: 'alice',
      lines: [
        { sku: 'tea', quantity },
        { sku: 'mug', quantity: 1 },
      ],
    });
    const second = await lab.placeOrder({
      customerId: 'bob',
      lines: [{ sku: 'tea', quantity: 1 }],
    });
    await lab.reaches(first, 'CONFIRMED');
    await lab.reaches(second, 'CONFIRMED');
  },
} satisfies Scenario;
