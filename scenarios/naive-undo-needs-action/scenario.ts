import type { Scenario } from '@indoubt/lab';

export default {
  name: 'naive-undo-needs-action',
  group: 'Mistakes',
  fault: 'the action never arrives',
  teaches: 'undo must succeed without its action',
  coordinations: ['saga'],
  steps: [
    'Alice orders tea. The message with her command reserve-stock is lost.',
    'The saga waits 1 s and gives up. The step may have taken effect: it sends release-stock.',
    'With the mistake: inventory has no reservation to release, so every undo attempt fails.',
    'The saga can never end. Its commands become dead letters, one after the other.',
    'Repaired: the undo succeeds and leaves a note, so that a late action is refused. REJECTED.',
  ],
  variant: 'undo-needs-action',
  chaos: 'inventory.commands=drop@1',
  invariants: ['INV-4', 'INV-9'],
  adrs: [2, 4, 22],
  saga: { answerWithinMs: 1_000, attemptsMax: 1 },
  async run(lab) {
    const lines = [{ sku: 'tea', quantity: 1 }];
    const order = await lab.placeOrder({ customerId: 'alice', lines });
    const how = await lab.eventually('the undo is answered, or becomes a dead letter', async () => {
      if (lab.count('order-ended', { orderId: order }) > 0) return 'answered';
      return lab.count('dead-lettered', { orderId: order }) > 0 ? 'a dead letter' : undefined;
    });
    lab.expect('an undo without its action is answered', how === 'answered', `it was ${how}`);
  },
} satisfies Scenario;
