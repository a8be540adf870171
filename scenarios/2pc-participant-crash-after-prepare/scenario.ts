import type { Scenario } from '@indoubt/lab';

export default {
  name: '2pc-participant-crash-after-prepare',
  group: 'Two-phase commit',
  fault: 'inventory dies after it has prepared',
  teaches: 'a prepared branch survives a crash',
  coordinations: ['2pc'],
  steps: [
    'Alice orders tea. Inventory prepares its branch: its work and its locks are on disk.',
    'Inventory is killed (SIGKILL) before it sends its vote.',
    'The coordinator gets no vote and decides abort. Inventory is down and cannot receive it.',
    'Inventory is started again and finds its branch in pg_prepared_xacts: it is in doubt.',
    'It may not decide alone. It requests the decision, gets abort, and rolls the branch back.',
  ],
  chaos: 'inventory:prepared-not-voted=crash@1',
  invariants: ['INV-4', 'INV-9', 'INV-11'],
  adrs: [14, 16, 17],
  async run(lab) {
    const order = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 2 }] };
    const first = await lab.placeOrder(order);
    await lab.reaches(first, 'REJECTED');
    await lab.happened('branch-ended', { process: 'inventory', decision: 'abort', how: 'done' });
    await lab.eventually('inventory is back', () => lab.stock('tea').catch(() => undefined));
    const second = await lab.placeOrder(order);
    await lab.reaches(second, 'CONFIRMED');
  },
} satisfies Scenario;
