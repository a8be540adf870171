import type { Scenario } from '@indoubt/lab';

export default {
  name: 'naive-undo-known-only',
  group: 'Mistakes',
  fault: "inventory's answer is late",
  teaches: 'unanswered: undo that step too',
  coordinations: ['saga'],
  steps: [
    'Alice orders tea. Inventory reserves it and commits; its answer stays with the relay for 3 s.',
    'The saga waits for 1 s, hears nothing, and gives up.',
    'With the mistake: no answer, so nothing happened, so there is nothing to undo. REJECTED.',
    'Repaired: it may have happened, so release-stock is commanded, and then it is REJECTED.',
    'The late answer arrives. The saga awaits it no more, and ignores it.',
  ],
  variant: 'undo-known-only',
  chaos: 'relay-inventory:claimed-not-published=delay(3s)@1',
  invariants: ['INV-4'],
  adrs: [2, 4, 22],
  saga: { answerWithinMs: 1_000, attemptsMax: 1 },
  async run(lab) {
    const lines = [{ sku: 'tea', quantity: 1 }];
    const order = await lab.placeOrder({ customerId: 'alice', lines });
    await lab.reaches(order, 'REJECTED');
  },
} satisfies Scenario;
