import type { Scenario } from '@indoubt/lab';

export default {
  name: 'naive-undo-needs-action',
  group: 'Mistakes',
  fault: 'the action never arrives',
  teaches: 'an undo accepts nothing to undo',
  coordinations: ['saga'],
  steps: [
    'Alice orders tea. Her reserve-stock gets lost on its way to inventory.',
    'The saga waits for 1 s and gives up. It may have happened: release-stock is commanded.',
    'With the mistake: there is nothing to release, so the undo fails, whenever it is asked for.',
    'The saga can never end. Its commands become dead letters, one after the other.',
    'Repaired: nothing to undo is done, and is noted, so that a late action finds it. REJECTED.',
  ],
  variant: 'undo-needs-action',
  chaos: 'inventory.commands=drop@1',
  invariants: ['INV-4', 'INV-9'],
  adrs: [2, 4, 22],
  saga: { answerWithinMs: 1_000, attemptsMax: 1 },
  async run(lab) {
    const lines = [{ sku: 'tea', quantity: 1 }];
    const order = await lab.placeOrder({ customerId: 'alice', lines });
    const how = await lab.eventually('the undo is answered, or put aside', async () => {
      if (lab.count('order-ended', { orderId: order }) > 0) return 'answered';
      return lab.count('dead-lettered', { orderId: order }) > 0 ? 'a dead letter' : undefined;
    });
    lab.expect('an undo that finds nothing is answered', how === 'answered', `it was ${how}`);
  },
} satisfies Scenario;
