import type { Scenario } from '@indoubt/lab';

export default {
  name: 'naive-range-mark',
  group: 'Mistakes',
  fault: 'a lower id commits late',
  teaches: 'mark only the rows that were sent',
  coordinations: ['saga'],
  steps: [
    "Alice orders tea. Her command's row has a low id; its transaction is still open.",
    'Bob orders tea. His row has a higher id and is committed first. The relay sends it.',
    'Before the relay marks what it sent, the transaction of Alice commits.',
    "With the mistake, the relay marks all rows up to Bob's id, also Alice's unsent row.",
    "Repaired, the relay marks only Bob's row, and sends Alice's row in its next pass.",
  ],
  variant: 'range-mark',
  chaos: 'order:placed-not-committed=pause@1; relay-order:published-not-marked=pause@1',
  live: 'points',
  invariants: ['INV-7'],
  adrs: [3, 22],
  saga: { answerWithinMs: 1_000, attemptsMax: 4 },
  async run(lab) {
    const tea = { lines: [{ sku: 'tea', quantity: 1 }] };
    const alices = lab.placeOrder({ customerId: 'alice', ...tea });
    await lab.happened('failpoint-hit', { name: 'order:placed-not-committed' });
    const bobs = await lab.placeOrder({ customerId: 'bob', ...tea });
    await lab.happened('failpoint-hit', { name: 'relay-order:published-not-marked' });
    await lab.release('order:placed-not-committed');
    const late = await alices;
    await lab.release('relay-order:published-not-marked');
    await lab.reaches(bobs, 'CONFIRMED');
    await lab.reaches(late, 'CONFIRMED');
  },
} satisfies Scenario;
