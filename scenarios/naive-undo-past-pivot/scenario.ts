import type { Scenario } from '@indoubt/lab';

export default {
  name: 'naive-undo-past-pivot',
  group: 'Mistakes',
  fault: "the pivot's answer is late",
  teaches: 'after the pivot: only retries',
  coordinations: ['saga'],
  steps: [
    'Alice orders tea. Payment captures and commits; its relay delays the answer for 4 s.',
    'The saga waits 2 s and gets no answer.',
    'With the mistake: the saga gives up and sends release-stock. REJECTED, but her money is gone.',
    'Repaired: capture-payment is the pivot. The saga sends it again until it answers. CONFIRMED.',
  ],
  variant: 'undo-past-pivot',
  chaos: 'relay-payment:claimed-not-published=delay(4s)@1',
  invariants: ['INV-4'],
  adrs: [2, 22],
  saga: { answerWithinMs: 2_000, attemptsMax: 1 },
  async run(lab) {
    const lines = [{ sku: 'tea', quantity: 1 }];
    const order = await lab.placeOrder({ customerId: 'alice', lines });
    await lab.happened('order-ended', { orderId: order });
  },
} satisfies Scenario;
