import type { Scenario, ScenarioLab } from '@indoubt/lab';

const TEA = { customerId: 'dora', lines: [{ sku: 'tea', quantity: 1 }] };
const TARGET = { target: 'card-processor' };
/** Enough orders to open the breaker; all at once, so that a slow machine changes nothing. */
const FIRST = 5;
const MORE = 10;
const WITHIN_MS = 1_000;

/** Places orders by card at once. @returns for each, how long its first attempt took (ms) */
async function tryMany(lab: ScenarioLab, many: number): Promise<{ ids: string[]; ms: number[] }> {
  const posted = await Promise.all(Array.from({ length: many }, () => lab.post(TEA)));
  const ids = posted.flatMap(({ orderId }) => orderId ?? []);
  return { ids, ms: await Promise.all(ids.map((orderId) => firstAttempt(lab, orderId))) };
}

/** Duration of the first attempt. By saga it comes after the command; by 2pc, before the vote. */
async function firstAttempt(lab: ScenarioLab, orderId: string): Promise<number> {
  if (lab.coordination === '2pc') {
    const voted = await lab.happened('branch-voted', { process: 'payment', orderId });
    return voted.tookMs;
  }
  const requested = await lab.happened('charge-requested', { orderId });
  const failed = await lab.happened('charge-unanswered', { orderId, attempts: 1 });
  return failed.at - requested.at;
}

/**
 * Counts requests: those that reached the processor, then payment's own view of them. Because of
 * this order of reading, each request that arrived is in flight or has timed out.
 */
async function seen(lab: ScenarioLab) {
  const count = async (metric: string, labels = {}) =>
    (await lab.metric('payment', metric, { ...TARGET, ...labels })) ?? 0;
  const ended = (outcome: string) => count('http_client_requests_total', { outcome });
  return {
    reached: lab.count('failpoint-hit', { name: 'card-processor:received-not-charged' }),
    inFlight: await count('http_client_in_flight'),
    timedOut: await ended('timed-out'),
    refused: await ended('breaker-open'),
  };
}

const state = (lab: ScenarioLab) => lab.metric('payment', 'http_client_breaker_state', TARGET);

/** By 2pc no order waits for a retry: only a new order makes payment probe the processor. */
async function orderUntilConfirmed(lab: ScenarioLab): Promise<void> {
  await lab.eventually('an order by card is CONFIRMED again', async () => {
    const answer = await lab.post(TEA);
    const { status } = (answer.body ?? {}) as { status?: string };
    return status === 'CONFIRMED' ? status : undefined;
  });
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

const NOTE =
  'Counted by payment (GET /metrics) and by the processor; read when every order had failed once.' +
  ' By saga an order is tried again and again, so there are more attempts than orders.';

type Times = { ids: string[]; ms: number[] };
type Seen = Awaited<ReturnType<typeof seen>>;

function compare(lab: ScenarioLab, [first, more]: [Times, Times], [opened, at]: [Seen, Seen]) {
  const ms = ({ ms: all }: Times) => `${Math.round(median(all))} ms`;
  const since = (what: keyof Seen) => `${at[what] - opened[what]}`;
  lab.compare(() => ({
    title: `the card processor hangs, and payment waits ${WITHIN_MS} ms for it`,
    columns: ['until it opens', 'after that'],
    rows: [
      { what: 'orders by card', values: [`${first.ids.length}`, `${more.ids.length}`] },
      { what: 'an attempt fails after (median)', values: [ms(first), ms(more)] },
      { what: 'attempts that timed out', values: [`${opened.timedOut}`, since('timedOut')] },
      { what: 'attempts that failed at once', values: [`${opened.refused}`, since('refused')] },
      { what: 'requests at the processor', values: [`${opened.reached}`, since('reached')] },
    ],
    notes: [NOTE],
  }));
}

export default {
  name: 'circuit-breaker-open',
  group: 'Resilience',
  fault: 'card processor hangs',
  teaches: 'stop calling a dead service; probe it now and then',
  coordinations: ['saga', '2pc'],
  steps: [
    'The card processor accepts every request and answers none.',
    'Five orders by card at once: each attempt waits for its time-out. Then the breaker opens.',
    'Ten more orders: their attempts fail at once, without a request to the processor.',
    'Once a second the half-open breaker lets one attempt through as a probe.',
    'The processor continues. The next probe is answered, and the breaker closes.',
    'Every accepted order ends as CONFIRMED or REJECTED.',
  ],
  live: 'points',
  cards: { answerWithinMs: WITHIN_MS },
  saga: { answerWithinMs: 15_000, attemptsMax: 4 },
  twoPhase: { prepareWithinMs: 10_000 },
  world: {
    customers: [
      { id: 'dora', name: 'Dora', card: 'card-dora', balanceCents: 0, creditLimitCents: 0 },
    ],
  },
  invariants: ['INV-3', 'INV-4', 'INV-9', 'INV-15'],
  adrs: [24, 25],
  async run(lab) {
    await lab.arm('card-processor:received-not-charged=pause(p=1)');
    const first = await tryMany(lab, FIRST);
    await lab.happened('breaker-opened', TARGET);
    const opened = await seen(lab);
    // Of five, more than half must fail.
    const waited = `${opened.timedOut} attempts timed out after ${WITHIN_MS} ms each`;
    lab.expect(
      'the breaker opens after several failures, not after one',
      opened.timedOut >= 3,
      waited,
    );
    const more = await tryMany(lab, MORE);
    const at = await seen(lab);
    const now = (await state(lab)) ?? 0;
    lab.expect(
      'the metric says that the breaker is not closed',
      now > 0,
      `http_client_breaker_state ${now}`,
    );
    const refused = at.refused - opened.refused;
    lab.expect(
      'open: attempts fail at once instead of timing out',
      refused > 0,
      `${refused} times`,
    );
    const came = `${at.reached} arrived, ${at.timedOut + at.inFlight} timed out or still wait`;
    lab.expect(
      'no attempt that failed at once reached the processor',
      at.reached <= at.timedOut + at.inFlight,
      came,
    );
    compare(lab, [first, more], [opened, at]);
    await lab.happened('breaker-half-opened', TARGET);
    await lab.disarm();
    if (lab.coordination === '2pc') await orderUntilConfirmed(lab);
    await lab.happened('breaker-closed', TARGET);
    const end = lab.coordination === 'saga' ? 'CONFIRMED' : 'REJECTED';
    for (const id of [...first.ids, ...more.ids]) await lab.reaches(id, end);
    await lab.quiet();
    const last = await state(lab);
    lab.expect(
      'the metric says at the end that the breaker is closed',
      last === 0,
      `http_client_breaker_state ${last}`,
    );
  },
} satisfies Scenario;
