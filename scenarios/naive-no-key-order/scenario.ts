import type { Scenario } from '@indoubt/lab';

export default {
  name: 'naive-no-key-order',
  group: 'Mistakes',
  fault: 'a relay hangs, another helps',
  teaches: 'order needs one at a time',
  coordinations: ['saga'],
  steps: [
    'Alice orders tea. The relay reads reserve-stock from the outbox, and hangs.',
    'Nobody answers. The saga gives up and undoes: release-stock, the next row of the outbox.',
    'A second relay is started. With the mistake, it skips what is locked, and sends the undo.',
    'Then the first goes on: the undo has come before what it undoes.',
    'Repaired, the second takes over the lease and sends both, in order; the first sends nothing.',
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
