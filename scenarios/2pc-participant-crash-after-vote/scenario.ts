import type { Scenario } from '@indoubt/lab';

export default {
  name: '2pc-participant-crash-after-vote',
  group: 'Two-phase commit',
  fault: 'inventory dies after voting yes',
  teaches: 'after a yes a participant must be able to commit',
  coordinations: ['2pc'],
  steps: [
    'Payment hangs (SIGSTOP), so that voting takes a while. Alice orders tea.',
    'Inventory votes yes. From then on it must be able to commit, also after a crash.',
    'Inventory is killed (SIGKILL). Payment continues and votes yes; the decision is commit.',
    'Inventory is started again, in doubt. It gets the decision and commits, as it promised.',
  ],
  invariants: ['INV-3', 'INV-9', 'INV-11'],
  adrs: [14, 16],
  twoPhase: { prepareWithinMs: 10_000 },
  async run(lab) {
    lab.pause('payment');
    const placing = lab.placeOrder({ customerId: 'alice', lines: [{ sku: 'tea', quantity: 2 }] });
    await lab.happened('vote-received', { from: 'inventory', vote: 'yes' });
    await lab.kill('inventory');
    lab.resume('payment');
    const order = await placing;
    await lab.reaches(order, 'CONFIRMED');
    await lab.happened('branch-ended', { process: 'inventory', decision: 'commit', how: 'done' });
  },
} satisfies Scenario;
