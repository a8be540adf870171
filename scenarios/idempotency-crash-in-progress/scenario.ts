import type { Scenario, ScenarioLab } from '@indoubt/lab';

type Order = Parameters<ScenarioLab['post']>[0];

/** A request, and the failpoints that kill the order service in its first and later attempts. */
interface Death {
  at: [first: string, ...next: string[]];
  order: Order;
  /** The outcome after the retries. */
  ends: 'CONFIRMED' | 'REJECTED' | 'unknown-sku';
}

const TEA = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] };
const UNICORN = { customerId: 'alice', lines: [{ sku: 'unicorn', quantity: 1 }] };
/** Carol has 5.00. */
const TOO_DEAR = { customerId: 'carol', lines: [{ sku: 'mug', quantity: 2 }] };

const DEATHS: Record<ScenarioLab['coordination'], Death[]> = {
  saga: [
    { at: ['order:keyed-not-placed'], order: TEA, ends: 'CONFIRMED' },
    { at: ['order:placed-not-committed'], order: TEA, ends: 'CONFIRMED' },
    { at: ['order:placed-not-answered'], order: TEA, ends: 'CONFIRMED' },
    { at: ['order:refused-not-committed'], order: UNICORN, ends: 'unknown-sku' },
  ],
  '2pc': [
    { at: ['order:keyed-not-placed', 'order:reclaimed-not-placed'], order: TEA, ends: 'CONFIRMED' },
    { at: ['order:aborted-not-stored'], order: TOO_DEAR, ends: 'REJECTED' },
  ],
};

const LEASE_MS = 3_000;
const IN_USE = 'idempotency-key-in-use';

/** Kills each attempt at its failpoint, retries with the same key, and checks the outcome. */
async function placeThrough(lab: ScenarioLab, { at, order, ends }: Death): Promise<void> {
  const [first, ...next] = at;
  const key = first.replace('order:', '');
  const before = await countOrders(lab);
  await lab.arm(`${first}=crash@1`);
  await lab.post(order, { key });
  for (const name of next) await armAfterRestart(lab, `${name}=crash@1`);
  const answer = await lab.postUntilAnswered(order, { key });
  for (const name of at) await lab.happened('failpoint-hit', { name });
  if (answer.orderId !== undefined && ends !== 'unknown-sku')
    await lab.reaches(answer.orderId, ends);
  const came = ends === 'unknown-sku' ? answer.code === ends : answer.orderId !== undefined;
  const what = `${answer.status} ${answer.code ?? ''}`.trim();
  lab.expect(`${key}: the retry gets the outcome ${ends}`, came, what);
  const made = (await countOrders(lab)) - before;
  const [wanted, title] = ends === 'unknown-sku' ? [0, 'no order'] : [1, 'one order'];
  lab.expect(`${key}: ${title}`, made === wanted, `${made} made`);
  await expectTakeOver(lab, key);
}

/** By saga a dead attempt leaves the key free. By 2pc the key is in use until the lease expires. */
async function expectTakeOver(lab: ScenarioLab, key: string): Promise<void> {
  const refused = lab.count('key-refused', { key, code: IN_USE });
  if (lab.coordination === 'saga') {
    const title = `${key}: the retry does not wait for the dead attempt`;
    lab.expect(title, refused === 0, `${refused} times in use`);
    return;
  }
  const requested = await lab.happened('client-request', { key });
  const taken = await lab.happened('key-taken-over', { key });
  const afterMs = taken.at - requested.at;
  const detail = `after ${Math.round(afterMs)} ms; ${refused} times in use before that`;
  lab.expect(`${key}: taken over, but not before the lease expires`, afterMs >= LEASE_MS, detail);
}

/** The branch is prepared and undecided: the key stays in use, also after its lease. */
async function placeInDoubt(lab: ScenarioLab): Promise<void> {
  const [name, key] = ['order:prepared-not-voted', 'prepared-not-voted'];
  const before = await countOrders(lab);
  await lab.arm(`${name}=crash@1`);
  const lost = lab.post(TEA, { key });
  await lab.happened('failpoint-hit', { name });
  lab.pause('coordinator');
  await lost;
  const leasedUntil = performance.now() + LEASE_MS;
  const late = await lab.eventually('an answer after the lease', async () => {
    if (performance.now() < leasedUntil) return undefined;
    const answer = await lab.post(TEA, { key });
    return answer.status === null ? undefined : answer;
  });
  const isRefused = late.code === IN_USE;
  lab.expect(
    `${key}: still in use after its lease has expired`,
    isRefused,
    `${late.status} ${late.code}`,
  );
  lab.resume('coordinator');
  const answer = await lab.postUntilAnswered(TEA, { key });
  await lab.reaches(answer.orderId ?? '', 'CONFIRMED');
  const made = (await countOrders(lab)) - before;
  lab.expect(`${key}: one order, after the branch is decided`, made === 1, `${made} made`);
}

async function countOrders(lab: ScenarioLab): Promise<number> {
  const { body } = await lab.request('order', '/orders?limit=100');
  return (body as { items: unknown[] }).items.length;
}

/** Retries until the restarted process accepts the rule. */
async function armAfterRestart(lab: ScenarioLab, rule: string): Promise<void> {
  await lab.eventually('the order service is back', () =>
    lab.arm(rule).then(
      () => true,
      () => undefined,
    ),
  );
}

export default {
  name: 'idempotency-crash-in-progress',
  group: 'Idempotency keys',
  fault: 'order dies while it has claimed a key',
  teaches: 'no key stays locked for ever',
  coordinations: ['saga', '2pc'],
  steps: [
    'The client sends several requests, each with its own key.',
    'During each request the order service is killed, each time at a different point.',
    'The order service is started again, and the client retries with the same key.',
    'By saga, the claim is part of the transaction: the retry finds the key free, or the answer.',
    'By 2pc, the claim has a lease: retries get 409 until it expires; then a retry takes over.',
    'A key whose branch is in doubt stays in use until the branch is decided.',
    'Each key ends with its answer, and with at most one order.',
  ],
  live: 'points',
  keys: { leaseMs: LEASE_MS },
  invariants: ['INV-3', 'INV-4', 'INV-5', 'INV-14'],
  adrs: [27],
  async run(lab) {
    for (const death of DEATHS[lab.coordination]) await placeThrough(lab, death);
    if (lab.coordination === '2pc') await placeInDoubt(lab);
  },
} satisfies Scenario;
