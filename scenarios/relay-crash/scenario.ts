import type { Scenario } from '@indoubt/lab';

export default {
  name: 'relay-crash',
  group: 'Crashes',
  fault: 'relay dies after publishing',
  teaches: 'outbox: sent twice, in order, one effect',
  coordinations: ['saga'],
  steps: [
    'Alice orders tea. The relay publishes reserve-stock and is killed before it marks the row.',
    'Bob orders tea while no relay runs: his command waits in the outbox.',
    "Bob's saga sends the command again, and then gives up and sends its undo.",
    "Alice's next command, capture-payment, waits in the same outbox.",
    'The relay is started again and sends all unmarked rows, in the order of the outbox:',
    "Alice's command for the second time, then Bob's reservation, and after it its undo.",
    "Alice's order is CONFIRMED with one reservation. Bob's order is REJECTED, and holds no stock.",
  ],
  chaos: 'relay-order:published-not-marked=crash@1',
  leftDead: ['relay-order'],
  invariants: ['INV-2', 'INV-6', 'INV-7', 'INV-8'],
  adrs: [3, 4],
  saga: { answerWithinMs: 1_000, attemptsMax: 2 },
  async run(lab) {
    const tea = { lines: [{ sku: 'tea', quantity: 2 }] };
    const alices = await lab.placeOrder({ customerId: 'alice', ...tea });
    const row = { orderId: alices, step: 'reserve-stock' };
    const { outboxId = 0 } = await lab.happened('message-sent', row);
    await lab.died('relay-order');
    const bobs = await lab.placeOrder({ customerId: 'bob', ...tea });
    await lab.happened('saga-advanced', { orderId: bobs, status: 'compensating' });
    await lab.restart('relay-order');
    await lab.reaches(alices, 'CONFIRMED');
    const { reason } = await lab.reaches(bobs, 'REJECTED');
    lab.expect(
      "Bob's order is rejected with the reason timed-out",
      reason === 'timed-out',
      `reason: ${reason}`,
    );
    const sent = lab.count('message-sent', { process: 'relay-order', outboxId });
    const detail = `outbox row ${outboxId} sent ${sent} times`;
    lab.expect('the relay sent the unmarked row again', sent === 2, detail);
  },
} satisfies Scenario;
