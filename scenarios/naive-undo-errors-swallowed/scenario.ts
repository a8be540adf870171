import type { Scenario } from '@indoubt/lab';

export default {
  name: 'naive-undo-errors-swallowed',
  group: 'Mistakes',
  fault: 'the undo fails once',
  teaches: 'a failed undo is not a done one',
  coordinations: ['saga'],
  steps: [
    'Carol, who has five euros, orders a mug. It is reserved; her card is declined.',
    'The saga commands release-stock. In the middle of it an error strikes.',
    'With the mistake: the error is logged away and the answer is "done". REJECTED, mug held.',
    'Repaired: the error rolls the transaction back, Kafka delivers again, and it is released.',
  ],
  variant: 'undo-errors-swallowed',
  chaos: 'inventory:claimed-not-acted=error@2',
  invariants: ['INV-4', 'INV-6'],
  adrs: [2, 4, 22],
  async run(lab) {
    const lines = [{ sku: 'mug', quantity: 1 }];
    const order = await lab.placeOrder({ customerId: 'carol', lines });
    await lab.reaches(order, 'REJECTED');
  },
} satisfies Scenario;
