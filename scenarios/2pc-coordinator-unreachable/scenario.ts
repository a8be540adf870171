import type { Scenario } from '@indoubt/lab';

export default {
  name: '2pc-coordinator-unreachable',
  group: 'Two-phase commit',
  fault: 'coordinator stays down',
  teaches: 'a branch in doubt blocks others',
  coordinations: ['2pc'],
  steps: [
    'Alice orders tea by two-phase commit. All participants vote yes.',
    'The coordinator is killed and not started again. Three branches are in doubt and keep locks.',
    'Bob orders the same tea by saga. Inventory must wait for the lock of the branch of Alice.',
    "So Alice's stuck order blocks Bob's order, which has nothing to do with it.",
    'An operator lists the branches in doubt (scenario indoubt) and starts the coordinator.',
    "The log has no record: the branches abort and free their locks. Bob's saga continues.",
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
    const blocking = await lab.eventually('a session waits for a branch in doubt', async () =>
      (await lab.inDoubt()).find(({ blocked }) => blocked.length > 0),
    );
    const waiting = blocking.blocked.map(({ name }) => name).join(', ');
    lab.expect('the branch in doubt blocks the saga', waiting !== '', `${waiting} waits for it`);
    await lab.restart('coordinator');
    const by2pc = await placing;
    await lab.reaches(saga, 'CONFIRMED');
    await lab.reaches(by2pc, 'REJECTED');
    const reserved = { orderId: saga, type: 'reserve-stock' };
    const { tookMs } = await lab.happened('message-handled', reserved);
    const detail = `reserve-stock took ${Math.round(tookMs)} ms, most of it waiting`;
    lab.expect('the saga waited until the branch was decided', tookMs > 200, detail);
  },
} satisfies Scenario;
