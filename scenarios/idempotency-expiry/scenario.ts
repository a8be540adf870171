import type { Scenario } from '@indoubt/lab';

const TEA = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] };
const KEY = 'alice-tea-1';

export default {
  name: 'idempotency-expiry',
  group: 'Idempotency keys',
  fault: 'the retry comes too late',
  teaches: 'a key is stored for a fixed time',
  coordinations: ['saga', '2pc'],
  steps: [
    'Here keys are stored for three seconds; the default is 24 hours.',
    'Alice orders tea and retries at once: she gets the same answer, and there is one order.',
    'The three seconds are over, and the key is deleted.',
    'Alice retries once more with the same key. The key is unknown now: this is a second order.',
    'So a client may retry only within the promised time, and 24 hours is long enough for that.',
  ],
  keys: { retainMs: 3_000 },
  invariants: ['INV-5', 'INV-14'],
  adrs: [27],
  async run(lab) {
    const first = await lab.post(TEA, { key: KEY });
    const again = await lab.post(TEA, { key: KEY });
    const isKept = again.replayed && again.orderId === first.orderId;
    lab.expect('while the key is stored, a retry gets the same answer', isKept, `${again.orderId}`);
    await lab.happened('keys-reaped');
    const late = await lab.post(TEA, { key: KEY });
    const isNew = !late.replayed && late.orderId !== first.orderId;
    lab.expect('after that, the key is new and places a second order', isNew, `${late.orderId}`);
    for (const { orderId = '' } of [first, late]) await lab.reaches(orderId, 'CONFIRMED');
  },
} satisfies Scenario;
