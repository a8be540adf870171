import type { MeasuredOrder, Scenario, ScenarioLab } from '@indoubt/lab';

const SKU = 'kettle';
const WAYS = ['saga', '2pc'] as const;
type Way = (typeof WAYS)[number];

/** How the record says that inventory has done its part of an order, and how long it took. */
const INVENTORY_DONE = {
  saga: ['message-handled', { process: 'inventory', type: 'reserve-stock' }],
  '2pc': ['branch-voted', { process: 'inventory' }],
} as const;

/** What both ways have in common. */
interface Story {
  quantity: number;
  hangMs: number;
}

/** What a reader saw from inventory's part until Alice's order and her stock were final. */
interface Readings {
  all: number;
  /** One of stock and order as it will be, the other as it was. */
  between: number;
  /** What GET /orders/:id said. */
  said: Set<string>;
}

interface Played {
  alice: string;
  bob: string;
  readings: Readings;
  /** What inventory needed for Bob's part: next to nothing, unless it waited for a lock. */
  bobTookMs: number;
}

/** The story, by one of the ways. */
async function play(lab: ScenarioLab, way: Way, { quantity, hangMs }: Story): Promise<Played> {
  const how = { coordination: way };
  const { available } = await lab.stock(SKU);
  const goesOn = lab.hang('payment', hangMs);
  const lines = [{ sku: SKU, quantity }];
  const alices = lab.placeOrder({ customerId: 'alice', lines }, how);
  const [event, where] = INVENTORY_DONE[way];
  const { orderId } = await lab.happened(event, where); // the first of this way is hers
  const one = [{ sku: SKU, quantity: 1 }];
  const bobs = lab.placeOrder({ customerId: 'bob', lines: one }, how);
  const readings = await readUntilFinal(lab, orderId, available - quantity);
  const [alice, bob] = await Promise.all([alices, bobs, goesOn]);
  await lab.reaches(alice, 'CONFIRMED');
  await lab.reaches(bob, 'CONFIRMED');
  const { tookMs } = await lab.happened(event, { ...where, orderId: bob });
  await lab.quiet();
  return { alice, bob, readings, bobTookMs: tookMs };
}

/** @param left  of the stock, once Alice has hers; Bob alone does not take it that far */
async function readUntilFinal(lab: ScenarioLab, orderId: string, left: number): Promise<Readings> {
  const readings: Readings = { all: 0, between: 0, said: new Set() };
  return lab.eventually("Alice's order and her stock are final", async () => {
    // Twice, so that no reading is taken for in between only because its parts are not of one time.
    const before = await lab.stock(SKU);
    const order = await lab.read(orderId);
    const after = await lab.stock(SKU);
    const status = order === 'in-doubt' ? '503 in-doubt' : (order?.status ?? '404 not-found');
    const isConfirmed = status === 'CONFIRMED';
    if (isConfirmed && after.available <= left) return readings;
    readings.all += 1;
    if (isConfirmed || before.available <= left) readings.between += 1;
    readings.said.add(status);
    return undefined;
  });
}

type Cell = (measured: { alice: MeasuredOrder; bob: MeasuredOrder; readings: Readings }) => string;

const ms = (value: number | null): string => (value === null ? '?' : `${Math.round(value)} ms`);

/** What is compared; a number in brackets leads to a note. */
const ROWS: [what: string, cell: Cell][] = [
  ['outcome: Alice, Bob', ({ alice, bob }) => `${alice.status}, ${bob.status}`],
  ["Alice's POST is answered after", ({ alice }) => ms(alice.answeredMs)],
  ["Alice's order is final after", ({ alice }) => ms(alice.endedMs)],
  ["Bob's order is final after", ({ bob }) => ms(bob.endedMs)],
  ['locked for Alice: the stock of the kettle (1)', ({ alice }) => ms(alice.lockedMs.inventory)],
  ['locked for Alice: her account (1)', ({ alice }) => ms(alice.lockedMs.payment)],
  ['locked for Alice: her order (1)', ({ alice }) => ms(alice.lockedMs.order)],
  ['Bob at the kettle: work, and waiting for Alice (1)', ({ bob }) => ms(bob.workedMs.inventory)],
  ['readings that show it half done (2)', ({ readings }) => halfDone(readings)],
  ['readings that show nothing, though promised (2)', ({ readings }) => nothingYet(readings)],
  ["meanwhile, GET of Alice's order says", ({ readings: { said } }) => [...said].join(', ')],
  ["messages for Alice's order (3)", ({ alice }) => messages(alice)],
  ["flushed commits for Alice's order (4)", ({ alice }) => commits(alice)],
];

function halfDone({ all, between }: Readings): string {
  return `${between} of ${all}`;
}

function nothingYet({ all, between }: Readings): string {
  return `${all - between} of ${all}`;
}

function messages({ kafkaMessages, httpMessages, inDoubtMessages }: MeasuredOrder): string {
  if (kafkaMessages > 0) return `${kafkaMessages} Kafka`;
  const asked = inDoubtMessages > 0 ? ` (${inDoubtMessages} in doubt)` : '';
  return `${httpMessages} HTTP${asked}`;
}

function commits({ flushedCommits, relayCommits }: MeasuredOrder): string {
  return relayCommits > 0 ? `${flushedCommits} (${relayCommits} by relays)` : `${flushedCommits}`;
}

const NOTES = [
  '(1) From BEGIN to the end of COMMIT, or of COMMIT PREPARED: an upper bound. By saga the order' +
    ' is in several transactions: the longest. By 2pc its row is new: nobody can wait for it.' +
    ' Bob: his transaction, until COMMIT or PREPARE TRANSACTION.',
  "(2) Stock, order, stock: read about every 50 ms, from inventory's part until all is final." +
    ' Half done: one is as it will be, the other as it was. By 2pc it can be seen too, between' +
    ' the commits of the branches: they are decided at once, not made at one instant.',
  '(3) Kafka: each is sent and fetched; offsets and wake-ups are not counted. HTTP between' +
    ' services: a request and its answer are two; (in doubt): those that asked for the decision.',
  '(4) Commits that wait for the disk; in 2pc, PREPARE TRANSACTION too. Kafka flushes nothing of' +
    ' its own. Commits at one time may share one fsync; one for several orders counts in full.',
];

function expectDifferences(lab: ScenarioLab, hangMs: number, saga: Played, together: Played): void {
  const [quick, slow] = [saga.bobTookMs, together.bobTookMs];
  const took = `saga ${Math.round(quick)} ms, 2pc ${Math.round(slow)} ms`;
  const isBlocked = slow - quick > hangMs / 4;
  lab.expect('by 2pc Bob waits at the stock while payment hangs', isBlocked, took);
  const [shown, hidden] = [saga.readings, together.readings];
  const seen = `saga ${shown.between} of ${shown.all}, 2pc ${hidden.between} of ${hidden.all}`;
  const isHidden = shown.between > hidden.between;
  lab.expect('what is half done is seen more often by saga than by 2pc', isHidden, seen);
}

export default {
  name: 'saga-vs-2pc',
  group: 'Side by side',
  fault: 'payment hangs',
  teaches: 'what each protocol costs, and who pays',
  coordinations: ['saga', '2pc'],
  steps: [
    'Payment hangs for about a second (SIGSTOP). Alice orders kettles by saga.',
    'As soon as inventory has done its part, Bob orders one of the same kettles, also by saga.',
    'Meanwhile a reader polls the stock and her order.',
    'Payment continues (SIGCONT). Both orders are CONFIRMED.',
    'Then the same story by two-phase commit: as many kettles, and payment hangs as long.',
    'A table shows the costs and the waiting times of both runs side by side.',
  ],
  invariants: ['INV-3', 'INV-9', 'INV-10', 'INV-11'],
  adrs: [2, 13],
  world: { products: [{ sku: SKU, name: 'Kettle', unitPriceCents: 4_900, stock: 20 }] },
  twoPhase: { prepareWithinMs: 10_000 },
  async run(lab) {
    const quantity = 2 + Math.floor(lab.random() * 3);
    const hangMs = 900 + Math.floor(lab.random() * 201);
    const saga = await play(lab, 'saga', { quantity, hangMs });
    const together = await play(lab, '2pc', { quantity, hangMs });
    expectDifferences(lab, hangMs, saga, together);
    lab.compare((measure) => {
      const measured = [saga, together].map(({ alice, bob, readings }) => {
        return { alice: measure(alice), bob: measure(bob), readings };
      });
      const rows = ROWS.map(([what, cell]) => ({ what, values: measured.map(cell) }));
      const title = `payment hangs for ${hangMs} ms; Alice orders ${quantity} × ${SKU}, Bob 1`;
      return { title, columns: [...WAYS], rows, notes: NOTES };
    });
  },
} satisfies Scenario;
