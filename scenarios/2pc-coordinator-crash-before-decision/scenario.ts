import type { Scenario } from '@indoubt/lab';

export default {
  name: '2pc-coordinator-crash-before-decision',
  group: 'Two-phase commit',
  fault: 'coordinator dies before deciding',
  teaches: 'no decision in the log means abort',
  coordinations: ['2pc'],
  steps: [
    'Alice orders tea. All three have prepared and voted yes: their branches are in doubt.',
    'The coordinator has all votes. It is killed (SIGKILL) before it writes the decision.',
    'No participant can know the decision, and none may guess it: the locks stay.',
    'The coordinator is started again, takes the next epoch, and finds no record in its log.',
    'Each participant requests the decision and gets abort, because the log has no record.',
  ],
  chaos: 'coordinator:voted-not-decided=crash@1',
  invariants: ['INV-4', 'INV-9', 'INV-11'],
  adrs: [14, 15],
  async run(lab) {
    const order = await lab.placeOrder({
      customerId: 'alice',
      lines: [{ sku: 'tea', quantity: 2 }],
    });
    await lab.died('coordinator');
    await lab.reaches(order, 'REJECTED');
    for (const process of ['inventory', 'payment', 'order']) {
      await lab.happened('branch-ended', { process, orderId: order, decision: 'abort' });
    }
  },
} satisfies Scenario;
