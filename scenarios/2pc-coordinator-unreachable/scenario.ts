import type { Scenario } from '@indoubt/lab';

export default {
  name: '2pc-coordinator-unreachable',
  group: 'Two-phase commit',
  fault: 'coordinator stays away',
  teaches: 'in doubt, and blocking others',
  coordinations: ['2pc'],
  steps: [
    'Alice orders tea by two-phase commit. All have voted yes; then the coordinator is killed,',
    'and nobody starts it again. Three branches are in doubt, and hold their locks.',
    'Bob orders the same tea by a saga. Inventory wants to reserve it, and waits for the lock of',
    "Alice's branch: the order that is stuck blocks one that has nothing to do with it.",
    'An operator looks (scenario indoubt) and starts the coordinator: abort is presumed, the locks',
    'go, and the saga goes on where it waited.',
  ],
  chaos: 'coordinator:voted-not-decided=crash@1',
  leftDead: ['coordinator'],
  invariants: ['INV-3', 'INV-4', 'INV-9', 'INV-11'],
  adrs: [13, 15, 17],
  async run(lab) {
    const lines = [{ sku: 'tea', quantity: 2 }];
    const placing = lab.placeOrder({ customerId: 'alice', lines });
    await lab.died('coordinator');
    const bobs = { customerId: 'bob', lines: [{ sku: 'tea', quantity: 1 }] };
    const saga = await lab.placeOrder(bobs, { coordination: 'saga' });
    const blocking = await lab.eventually('somebody waits for a branch in doubt', async () =>
      (await lab.inDoubt()).find(({ blocked }) => blocked.length > 0),
    );
    const waiting = blocking.blocked.map(({ name }) => name).join(', ');
    lab.expect('the branch in doubt blocks the saga', waiting !== '', `${waiting} waits for it`);
    await lab.restart('coordinator');
    const together = await placing;
    await lab.reaches(saga, 'CONFIRMED');
    await lab.reaches(together, 'REJECTED');
    const reserved = { orderId: saga, type: 'reserve-stock' };
    const { tookMs } = await lab.happened('message-handled', reserved);
    const detail = `reserve-stock took ${Math.round(tookMs)} ms, most of it waiting`;
    lab.expect('the saga waited for as long as the doubt lasted', tookMs > 200, detail);
  },
} satisfies Scenario;
