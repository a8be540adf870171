import type { Scenario } from '@indoubt/lab';

export default {
  name: '2pc-coordinator-crash-after-decision',
  group: 'Two-phase commit',
  fault: 'coordinator dies after deciding',
  teaches: 'a decision in the log is carried out',
  coordinations: ['2pc'],
  steps: [
    'Alice orders tea. All three participants have prepared and voted yes.',
    'The coordinator writes its decision, commit. It is killed before it sends the decision.',
    'For the participants this looks like a crash before the decision: they wait.',
    'The coordinator is started again, reads commit in its log, and sends it to all three.',
    'The order is CONFIRMED. The client is still waiting and gets its answer.',
  ],
  chaos: 'coordinator:decided-not-sent=crash@1',
  invariants: ['INV-3', 'INV-9', 'INV-11'],
  adrs: [14, 15],
  async run(lab) {
    const order = await lab.placeOrder({
      customerId: 'alice',
      lines: [{ sku: 'tea', quantity: 2 }],
    });
    await lab.died('coordinator');
    await lab.reaches(order, 'CONFIRMED');
    for (const process of ['inventory', 'payment', 'order']) {
      await lab.happened('branch-ended', { process, orderId: order, decision: 'commit' });
    }
  },
} satisfies Scenario;
