import type { Scenario } from '@indoubt/lab';

const TEA = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] };
const KEY = 'alice-tea-1';

export default {
  name: 'naive-check-then-act',
  group: 'Mistakes',
  fault: 'two requests with one key at once',
  teaches: 'claim the key in one statement',
  coordinations: ['saga'],
  steps: [
    'Alice orders tea with the new key alice-tea-1. Her request is paused after the key check.',
    'Her client times out and retries with the same key.',
    'With the mistake, the retry finds no key either, and places an order.',
    'Then the first request places its order too. Alice is charged twice for one key.',
    'Repaired, the retry gets 409 while the first request is in progress, and then its answer.',
  ],
  variant: 'check-then-act',
  chaos: 'order:keyed-not-placed=pause@1',
  live: 'points',
  invariants: ['INV-14'],
  adrs: [22, 27],
  async run(lab) {
    const going = lab.post(TEA, { key: KEY });
    await lab.happened('failpoint-hit', { name: 'order:keyed-not-placed' });
    const again = lab.postUntilAnswered(TEA, { key: KEY });
    await lab.happened('client-response', { key: KEY }); // 202, or 409 with Retry-After
    await lab.release('order:keyed-not-placed');
    for (const { orderId = '' } of await Promise.all([going, again])) {
      await lab.reaches(orderId, 'CONFIRMED');
    }
    await lab.quiet();
    const { balanceCents } = await lab.account('alice');
    const paid = 100_000 - balanceCents;
    lab.expect('Alice paid for one tea', paid === 450, `${paid} cents`);
  },
} satisfies Scenario;
