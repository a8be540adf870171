import type { Scenario } from '@indoubt/lab';

export default {
  name: '2pc-heuristic-damage',
  group: 'Two-phase commit',
  fault: 'an operator guesses wrong',
  teaches: 'only the log may decide',
  coordinations: ['2pc'],
  steps: [
    'Alice orders tea. The coordinator decides commit and is killed before it sends the decision.',
    'An operator wants to free the locks of inventory, and rolls its branch back by hand.',
    'The coordinator is started again, reads commit in its log, and sends it to all three.',
    'Order and payment commit. Inventory cannot commit any more, and reports the damage.',
    'The order is CONFIRMED and paid, but no stock is held for it. The checkers find that.',
  ],
  chaos: 'coordinator:decided-not-sent=crash@1',
  leftDead: ['coordinator'],
  invariants: ['INV-3', 'INV-11'],
  breaks: ['INV-3', 'INV-11'],
  adrs: [15, 17],
  async run(lab) {
    const lines = [{ sku: 'tea', quantity: 2 }];
    const placing = lab.placeOrder({ customerId: 'alice', lines });
    await lab.died('coordinator');
    const branch = await lab.eventually('a branch of inventory in doubt', async () =>
      (await lab.inDoubt()).find(({ owner }) => owner === 'inventory'),
    );
    await lab.resolve(branch.gid, 'abort');
    await lab.restart('coordinator');
    const order = await placing;
    await lab.reaches(order, 'CONFIRMED');
    await lab.happened('heuristic-damage', { process: 'inventory', orderId: order });
  },
} satisfies Scenario;
