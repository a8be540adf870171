import type { Scenario } from '@indoubt/lab';

export default {
  name: 'naive-inbox-outside-transaction',
  group: 'Mistakes',
  fault: 'payment dies before capture',
  teaches: 'inbox and effect: one commit',
  coordinations: ['saga'],
  steps: [
    'Alice orders tea. Payment writes into its inbox that it has handled capture-payment.',
    'With the mistake, this row is committed at once, in a transaction of its own.',
    'Payment is killed before it takes the money, and started again. Kafka delivers again.',
    'With the mistake, the inbox says that the command is done: CONFIRMED without a payment.',
    'Repaired, the row is rolled back with the capture, and the command is handled normally.',
  ],
  variant: 'inbox-outside-transaction',
  chaos: 'payment:claimed-not-acted=crash@1',
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
