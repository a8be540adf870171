import type { Scenario } from '@indoubt/lab';

export default {
  name: 'naive-new-id-on-retry',
  group: 'Mistakes',
  fault: "payment's answer is late",
  teaches: 'retry with the same id',
  coordinations: ['saga'],
  steps: [
    'Alice orders tea. Payment captures and commits; its relay delays the answer for 3 s.',
    'The saga waits 1 s and sends the command again, several times.',
    'With the mistake, each retry has a new id: for payment a new charge. Alice pays every time.',
    'Repaired, a step keeps its id. The inbox finds the id and repeats the first answer.',
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
