import type { Scenario } from '@indoubt/lab';

const TEA = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] };
const KEY = 'alice-tea-1';

export default {
  name: 'idempotency-expiry',
  group: 'Idempotency keys',
  fault: 'the retry comes too late',
  teaches: 'a key is kept as long as promised',
  coordinations: ['saga', '2pc'],
  steps: [
    'Keys are kept for three seconds here, and for 24 hours elsewhere.',
    'Alice orders tea. She asks again at once: the same answer, one order.',
    'The three seconds are over, and the key is deleted.',
    'She asks once more with it. Nobody remembers: it is a new request, and a second order.',
    'That is what was promised, and why 24 hours are.',
  ],
  keys: { retainMs: 3_000 },
  invariants: ['INV-5', 'INV-14'],
  adrs: [27],
  async run(lab) {
    const first = await lab.post(TEA, { key: KEY });
    const again = await lab.post(TEA, { key: KEY });
    const isKept = again.replayed && again.orderId === first.orderId;
    lab.expect('as long as it is kept, the answer is the same', isKept, `${again.orderId}`);
    await lab.happened('keys-reaped');
    const late = await lab.post(TEA, { key: KEY });
    const isNew = !late.replayed && late.orderId !== first.orderId;
    lab.expect('after that, the key is new, and so is the order', isNew, `${late.orderId}`);
    for (const { orderId = '' } of [first, late]) await lab.reaches(orderId, 'CONFIRMED');
  },
} satisfies Scenario;
