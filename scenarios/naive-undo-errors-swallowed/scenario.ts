import type { Scenario } from '@indoubt/lab';

export default {
  name: 'naive-undo-errors-swallowed',
  group: 'Mistakes',
  fault: 'the undo fails once',
  teaches: 'never answer done after an error',
  coordinations: ['saga'],
  steps: [
    'Carol has five euros and orders a mug. The mug is reserved; her card is declined.',
    'The saga sends the command release-stock. An error occurs in the middle of it.',
    'With the mistake: the error is only logged, the answer is "done". REJECTED, mug still held.',
    'Repaired: the error rolls the transaction back. Kafka delivers again: the mug is released.',
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
