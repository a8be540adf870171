import type { MeasuredOrder, Scenario, ScenarioLab } from '@indoubt/lab';

const LINES = [{ sku: 'tea', quantity: 1 }];
const ORDERS = 3;
type Protocol = ScenarioLab['coordination'];

/** Orders placed by one protocol during the outage: some by card, one from a balance. */
interface Placed {
  byCard: string[];
  byBalance: string;
}

async function place(lab: ScenarioLab, protocol: Protocol): Promise<Placed> {
  const how = { coordination: protocol };
  const order = (customerId: string) => lab.placeOrder({ customerId, lines: LINES }, how);
  const byCard: string[] = [];
  for (let n = 0; n < ORDERS; n += 1) byCard.push(await order('dora'));
  const byBalance = await order('alice');
  await lab.reaches(byBalance, 'CONFIRMED');
  return { byCard, byBalance };
}

async function statuses(lab: ScenarioLab, { byCard }: Placed): Promise<string> {
  const now = await Promise.all(byCard.map((id) => lab.read(id)));
  return now.map((order) => (order === 'in-doubt' ? order : `${order?.status}`)).join(', ');
}

async function expectRefused(lab: ScenarioLab, title: string, { byCard }: Placed): Promise<void> {
  const reasons = new Set<unknown>();
  for (const id of byCard) reasons.add((await lab.reaches(id, 'REJECTED')).reason);
  const said = [...reasons].join(', ');
  lab.expect(title, said === 'payment-unavailable', `reason: ${said}`);
}

/** CARD_OUTAGE=wait by saga, and beside it 2pc, where an order never waits. */
async function playWaiting(lab: ScenarioLab): Promise<{ waits: Placed; by2pc: Placed }> {
  // The processor dies on the first request. Whether it charged that card is unknown.
  const first = await lab.placeOrder({ customerId: 'dora', lines: LINES });
  await lab.died('card-processor');
  if (lab.coordination === 'saga') await lab.happened('charge-unanswered', { orderId: first });
  const waits = await place(lab, 'saga');
  for (const orderId of waits.byCard) await lab.happened('charge-unanswered', { orderId });
  const by2pc = await place(lab, '2pc');
  await expectRefused(lab, '2pc: orders by card are REJECTED with either setting', by2pc);
  const now = await statuses(lab, waits);
  const isPending = new Set(now.split(', ')).size === 1 && now.startsWith('PENDING');
  lab.expect('wait: orders by card are PENDING during the outage', isPending, now);
  await lab.restart('card-processor');
  for (const id of waits.byCard) await lab.reaches(id, 'CONFIRMED');
  await lab.reaches(first, lab.coordination === 'saga' ? 'CONFIRMED' : 'REJECTED');
  await lab.quiet();
  return { waits, by2pc };
}

/** CARD_OUTAGE=refuse, set during an outage: payment restarts and cannot reach the processor. */
async function playRefusing(lab: ScenarioLab): Promise<Placed> {
  await lab.kill('card-processor');
  await lab.changeCards({ outage: 'refuse' });
  const refused = await place(lab, 'saga');
  await expectRefused(lab, 'refuse: orders by card are REJECTED at once', refused);
  await lab.restart('card-processor');
  return refused;
}

interface Measured {
  byCard: MeasuredOrder[];
  byBalance: MeasuredOrder;
}
type Cell = (measured: Measured) => string;

const ms = (value: number | null = null) => (value === null ? '?' : `${Math.round(value)} ms`);
const middle = (all: MeasuredOrder[]) => all[Math.floor(all.length / 2)];

const ROWS: [what: string, cell: Cell][] = [
  ['by card: outcome', ({ byCard }) => [...new Set(byCard.map(({ status }) => status))].join(', ')],
  ['by card: POST answered after (1)', ({ byCard }) => ms(middle(byCard)?.answeredMs)],
  ['by card: final after (1)', ({ byCard }) => ms(middle(byCard)?.endedMs)],
  ['from the balance: outcome', ({ byBalance }) => `${byBalance.status}`],
  ['from the balance: final after', ({ byBalance }) => ms(byBalance.endedMs)],
];

export default {
  name: 'graceful-degradation',
  group: 'Resilience',
  fault: 'card processor is down',
  teaches: 'during an outage orders wait or are refused',
  coordinations: ['saga', '2pc'],
  steps: [
    'The card processor dies on a request and stays down. CARD_OUTAGE is `wait`.',
    'Dora orders by card. By saga her orders stay PENDING until the processor is back.',
    'By 2pc her orders are REJECTED (payment-unavailable): a branch with locks must not wait.',
    'Alice pays from her balance. The outage does not affect her orders.',
    'The processor is back. The waiting orders are CONFIRMED.',
    'The processor goes down again, and an operator sets CARD_OUTAGE to `refuse`.',
    'Now her orders by saga are REJECTED at once, too. A table compares all three.',
  ],
  chaos: 'card-processor:received-not-charged=crash@1',
  leftDead: ['card-processor'],
  cards: { outage: 'wait' },
  saga: { answerWithinMs: 20_000, attemptsMax: 4 },
  twoPhase: { prepareWithinMs: 10_000 },
  world: {
    customers: [
      { id: 'alice', name: 'Alice', balanceCents: 100_000, creditLimitCents: 0 },
      { id: 'dora', name: 'Dora', card: 'card-dora', balanceCents: 0, creditLimitCents: 0 },
    ],
  },
  invariants: ['INV-3', 'INV-4', 'INV-9', 'INV-15'],
  adrs: [24, 25],
  async run(lab) {
    const { waits, by2pc } = await playWaiting(lab);
    const refused = await playRefusing(lab);
    lab.compare((measure) => {
      const columns = [waits, refused, by2pc].map(({ byCard, byBalance }) => ({
        byCard: byCard.map(measure),
        byBalance: measure(byBalance),
      }));
      const rows = ROWS.map(([what, cell]) => ({ what, values: columns.map(cell) }));
      const title = `the card processor is down; ${ORDERS} orders by card, and one from a balance`;
      const notes = [
        '(1) The second of the three. A waiting order is final when the processor is back.',
      ];
      return { title, columns: ['saga, wait', 'saga, refuse', '2pc'], rows, notes };
    });
  },
} satisfies Scenario;
