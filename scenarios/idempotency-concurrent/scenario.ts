import type { Scenario } from '@indoubt/lab';

const TEA = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] };
const KEY = 'alice-tea-1';
const REQUESTS = 50;
const IN_USE = 'idempotency-key-in-use';

export default {
  name: 'idempotency-concurrent',
  group: 'Idempotency keys',
  fault: 'fifty requests at once',
  teaches: 'one request places the order',
  coordinations: ['saga', '2pc'],
  steps: [
    'Fifty clients send the same request with the same key at once.',
    'One request gets the key and places the order.',
    'A request that arrives meanwhile gets 409 and a time for the retry.',
    'A request that arrives after the order is placed gets the stored answer.',
    'The refused requests are sent again. Now all fifty have the same answer: one order.',
  ],
  invariants: ['INV-3', 'INV-5', 'INV-14'],
  adrs: [27],
  async run(lab) {
    const post = () => lab.post(TEA, { key: KEY });
    const first = await Promise.all(Array.from({ length: REQUESTS }, post));
    const refused = first.filter(({ status }) => status !== null && status >= 400);
    const arePolite = refused.every(
      ({ code, headers }) => code === IN_USE && Number(headers['retry-after']) >= 1,
    );
    const counted = `${REQUESTS - refused.length} accepted, ${refused.length} in use`;
    lab.expect('each request is accepted, or gets 409 with Retry-After', arePolite, counted);
    const again = () => lab.postUntilAnswered(TEA, { key: KEY });
    const second = await Promise.all(refused.map(again));
    const accepted = [...first, ...second].filter(({ orderId }) => orderId !== undefined);
    const words = new Set(accepted.map(({ status, body }) => JSON.stringify({ status, body })));
    const isOne = accepted.length === REQUESTS && words.size === 1;
    const said = `${accepted.length} accepted, distinct answers: ${words.size}`;
    lab.expect('in the end all fifty have the same answer', isOne, said);
    const fresh = accepted.filter(({ replayed }) => !replayed).length;
    lab.expect('all answers but one are marked as replayed', fresh === 1, `${fresh} not marked`);
    await lab.reaches(accepted[0]?.orderId ?? '', 'CONFIRMED');
  },
} satisfies Scenario;
