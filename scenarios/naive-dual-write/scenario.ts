import type { Scenario } from '@indoubt/lab';

export default {
  name: 'naive-dual-write',
  group: 'Mistakes',
  fault: 'order dies before its commit',
  teaches: 'send nothing before the commit',
  coordinations: ['saga'],
  steps: [
    'Alice orders tea. The order service writes order, saga and command, but does not commit yet.',
    'With the mistake, the handler has already sent the command to Kafka at this point.',
    'The order service is killed here, and the database rolls everything back.',
    'Alice gets no answer. With the mistake, inventory reserves tea for no order.',
    'Repaired, the command is a row of the same transaction: it is rolled back with the order.',
  ],
  variant: 'dual-write',
  chaos: 'order:placed-not-committed=crash@1',
  invariants: ['INV-4', 'INV-6', 'INV-7', 'INV-9'],
  adrs: [3, 22],
  async run(lab) {
    const placing = lab.placeOrder({ customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] });
    const answer = await placing.catch(() => null);
    const detail = answer === null ? 'no answer' : `accepted as ${answer}`;
    lab.expect('Alice got no promise of an order', answer === null, detail);
    await lab.quiet();
    const { held } = await lab.stock('tea');
    lab.expect('nothing is held for her', held === 0, `${held} tea held`);
  },
} satisfies Scenario;
