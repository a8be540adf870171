import type { Scenario } from '@indoubt/lab';

export default {
  name: '2pc-coordinator-crash-before-decision',
  group: 'Two-phase commit',
  fault: 'coordinator dies undecided',
  teaches: 'no decision is an abort',
  coordinations: ['2pc'],
  steps: [
    'Alice orders tea. All three have prepared and voted yes: they are in doubt.',
    'The coordinator has all votes. Before it writes the decision it is killed with SIGKILL.',
    'No one can know what it would have decided, and no one may guess: the locks stay.',
    'It is started again, takes the next epoch, and finds nothing in its log.',
    'Each participant asks about its branch and hears abort: presumed, because nothing is there.',
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
