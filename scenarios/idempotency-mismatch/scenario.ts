import type { Scenario, ScenarioLab } from '@indoubt/lab';

const TEA = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] };
const MUG = { customerId: 'alice', lines: [{ sku: 'mug', quantity: 1 }] };
const KEY = 'alice-1';
const REUSED = 'idempotency-key-reused';

type Answer = Awaited<ReturnType<ScenarioLab['post']>>;

function said({ status, code }: Answer): string {
  return [status, code].join(' ').trim();
}

export default {
  name: 'idempotency-mismatch',
  group: 'Idempotency keys',
  fault: 'one key, two different bodies',
  teaches: 'one key, one request: 422',
  coordinations: ['saga', '2pc'],
  steps: [
    'Alice orders tea with the key alice-1. The request is paused while it is in progress.',
    'She sends the same request again: 409, with a time for the retry.',
    'She orders a mug with the same key: 422 at once, because a retry could not help.',
    'The tea request continues. A mug with the key of the tea still gets 422.',
    'With its own key the mug is ordered. A retry of the tea request gets its first answer.',
  ],
  chaos: 'order:keyed-not-placed=pause@1',
  live: 'points',
  keys: { leaseMs: 10_000 },
  invariants: ['INV-5', 'INV-14'],
  adrs: [27],
  async run(lab) {
    const going = lab.post(TEA, { key: KEY });
    await lab.happened('failpoint-hit', { name: 'order:keyed-not-placed' });
    const same = await lab.post(TEA, { key: KEY });
    const isInUse = same.status === 409 && Number(same.headers['retry-after']) >= 1;
    lab.expect('in progress: the same body gets 409 with Retry-After', isInUse, said(same));
    const other = await lab.post(MUG, { key: KEY });
    lab.expect('in progress: a different body is refused', other.code === REUSED, said(other));
    await lab.release('order:keyed-not-placed');
    const tea = await going;
    const late = await lab.post(MUG, { key: KEY });
    lab.expect('answered: a different body is refused', late.code === REUSED, said(late));
    const mug = await lab.post(MUG, { key: 'alice-2' });
    const again = await lab.post(TEA, { key: KEY });
    const isTea = again.replayed && again.orderId === tea.orderId;
    lab.expect('answered: the same body gets the first answer', isTea, said(again));
    await lab.reaches(tea.orderId ?? '', 'CONFIRMED');
    await lab.reaches(mug.orderId ?? '', 'CONFIRMED');
  },
} satisfies Scenario;
