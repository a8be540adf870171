import type { Scenario } from '@indoubt/lab';

export default {
  name: 'naive-no-key-order',
  group: 'Mistakes',
  fault: 'a relay hangs, a second starts',
  teaches: 'one active relay sends in order',
  coordinations: ['saga'],
  steps: [
    'Alice orders tea. The relay reads reserve-stock from the outbox, and hangs.',
    'No answer comes. The saga gives up and writes release-stock, the next row of the outbox.',
    'A second relay is started. With the mistake, it skips locked rows and sends release-stock.',
    'Then the first relay continues: the undo was sent before its action.',
    'Repaired, the second relay takes the lease and sends both in order; the first sends none.',
  ],
  variant: 'no-key-order',
  chaos: 'relay-order:claimed-not-published=pause@1',
  live: 'points',
  invariants: ['INV-8'],
  adrs: [3, 22],
  saga: { answerWithinMs: 2_000, attemptsMax: 1 },
  async run(lab) {
    const tea = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] };
    const order = await lab.placeOrder(tea);
    await lab.happened('failpoint-hit', { name: 'relay-order:claimed-not-published' });
    await lab.happened('saga-advanced', { orderId: order, status: 'compensating' });
    await lab.addCopy('relay-order');
    await lab.happened('message-sent', { orderId: order, step: 'release-stock' });
    await lab.release('relay-order:claimed-not-published');
    await lab.reaches(order, 'REJECTED');
    await lab.quiet();
    const { held } = await lab.stock('tea');
    lab.expect('nothing is held for her', held === 0, `${held} tea held`);
  },
} satisfies Scenario;
