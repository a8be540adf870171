import type { Scenario } from '@indoubt/lab';

export default {
  name: 'naive-new-id-on-retry',
  group: 'Mistakes',
  fault: "payment's answer is late",
  teaches: 'ask again under the same id',
  coordinations: ['saga'],
  steps: [
    'Alice orders tea. Payment captures and commits; its answer stays with the relay for 3 s.',
    'The saga waits for 1 s and asks again, and again.',
    'With the mistake each time under a new id: to payment it is another charge. She pays all.',
    'Repaired: the same id for the same step. The inbox gives the answer of the first time.',
  ],
  variant: 'new-id-on-retry',
  chaos: 'relay-payment:claimed-not-published=delay(3s)@1',
  invariants: ['INV-3', 'INV-6'],
  adrs: [2, 4, 22],
  saga: { answerWithinMs: 1_000, attemptsMax: 4 },
  async run(lab) {
    const lines = [{ sku: 'tea', quantity: 1 }];
    const order = await lab.placeOrder({ customerId: 'alice', lines });
    await lab.happened('saga-command-retried', { orderId: order });
    await lab.reaches(order, 'CONFIRMED');
  },
} satisfies Scenario;
