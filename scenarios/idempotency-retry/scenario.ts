import type { Scenario } from '@indoubt/lab';

const TEA = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] };
const KEY = 'alice-tea-1';

export default {
  name: 'idempotency-retry',
  group: 'Idempotency keys',
  fault: 'the answer is lost',
  teaches: 'same key, same answer, one order',
  coordinations: ['saga', '2pc'],
  steps: [
    'Alice orders tea. Her request has an Idempotency-Key: alice-tea-1.',
    'The order is committed, but the order service is killed before it answers.',
    'Without an answer, Alice cannot know whether her order exists. She retries with the same key.',
    'She gets the answer that was lost, marked as replayed. Nothing is executed again.',
    'There is one order, and she has paid once.',
  ],
  chaos: 'order:placed-not-answered=crash@1',
  invariants: ['INV-3', 'INV-5', 'INV-14'],
  adrs: [27],
  async run(lab) {
    const lost = await lab.post(TEA, { key: KEY });
    lab.expect('Alice got no answer', lost.status === null, `status: ${lost.status}`);
    const { orderId } = await lab.happened('order-placed');
    const retried = await lab.postUntilAnswered(TEA, { key: KEY });
    const isHers = retried.replayed && retried.orderId === orderId;
    const what = `${retried.status} of ${retried.orderId}, replayed: ${retried.replayed}`;
    lab.expect('the retry gets the order that already exists', isHers, what);
    await lab.reaches(retried.orderId ?? '', 'CONFIRMED');
    const later = await lab.post(TEA, { key: KEY });
    const [then, now] = [retried, later].map(({ status, body }) =>
      JSON.stringify({ status, body }),
    );
    lab.expect(
      'a later retry gets exactly the same answer',
      then === now,
      then === now ? 'equal' : `${now}`,
    );
    const { balanceCents } = await lab.account('alice');
    const paid = 100_000 - balanceCents;
    lab.expect('she has paid for one tea', paid === 450, `${paid} cents`);
  },
} satisfies Scenario;
