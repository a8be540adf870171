import type { Scenario } from '@indoubt/lab';

export default {
  name: 'naive-no-inbox',
  group: 'Mistakes',
  fault: 'payment dies before it acknowledges',
  teaches: 'without an inbox a payment is taken twice',
  coordinations: ['saga'],
  steps: [
    'Alice orders tea. Payment takes her money and commits: capture and answer.',
    'Payment is killed before it acknowledges to Kafka, and started again. Kafka delivers again.',
    'With the mistake, payment does not know the command any more, and takes the money again.',
    'Repaired, the inbox has a row for this saga and step: only the answer is repeated.',
  ],
  variant: 'no-inbox',
  chaos: 'payment:handled-not-acknowledged=crash@1',
  invariants: ['INV-3', 'INV-6'],
  adrs: [4, 22],
  async run(lab) {
    const tea = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] };
    await lab.reaches(await lab.placeOrder(tea), 'CONFIRMED');
    await lab.quiet();
    const { balanceCents } = await lab.account('alice');
    const paid = 100_000 - balanceCents;
    lab.expect('Alice paid for one tea', paid === 450, `${paid} cents`);
  },
} satisfies Scenario;
