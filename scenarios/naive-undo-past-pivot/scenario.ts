import type { Scenario } from '@indoubt/lab';

export default {
  name: 'naive-undo-past-pivot',
  group: 'Mistakes',
  fault: "the pivot's answer is late",
  teaches: 'past the pivot: only forward',
  coordinations: ['saga'],
  steps: [
    'Alice orders tea. Payment captures and commits; its answer stays with the relay for 4 s.',
    'The saga waits for 2 s and hears nothing.',
    'With the mistake: time is up, release-stock is commanded, REJECTED. Her money is gone.',
    'Repaired: capture-payment is the pivot. It is asked again until it answers. CONFIRMED.',
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
