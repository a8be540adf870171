import type { Scenario } from '@indoubt/lab';

export default {
  name: 'naive-undo-known-only',
  group: 'Mistakes',
  fault: "inventory's answer is late",
  teaches: 'undo unanswered steps as well',
  coordinations: ['saga'],
  steps: [
    'Alice orders tea. Inventory reserves it and commits; its relay delays the answer for 3 s.',
    'The saga waits 1 s, gets no answer, and gives up.',
    'With the mistake: the saga takes no answer for no effect, and undoes nothing. REJECTED.',
    'Repaired: the step may have taken effect, so the saga sends release-stock. Then REJECTED.',
    'The late answer arrives. The saga does not await it any more, and ignores it.',
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
