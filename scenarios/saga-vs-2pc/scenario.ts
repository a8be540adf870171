import type { MeasuredOrder, Scenario, ScenarioLab } from '@indoubt/lab';

const SKU = 'kettle';
const PROTOCOLS = ['saga', '2pc'] as const;
type Protocol = (typeof PROTOCOLS)[number];

/** The event with which inventory has done its part of an order; its `tookMs` is the duration. */
const INVENTORY_DONE = {
  saga: ['message-handled', { process: 'inventory', type: 'reserve-stock' }],
  '2pc': ['branch-voted', { process: 'inventory' }],
} as const;

/** Parameters that are the same for both protocols. */
interface Story {
  quantity: number;
  hangMs: number;
}

/** Readings between inventory's part and the moment when Alice's order and stock were final. */
interface Readings {
  all: number;
  /** Readings with one of stock and order in its final state, and the other in its old state. */
  between: number;
  /** Statuses that GET /orders/:id returned. */
  said: Set<string>;
}

interface Played {
  alice: string;
  bob: string;
  readings: Readings;
  /** How long inventory needed for Bob's part: a few ms, unless it waited for a lock. */
  bobTookMs: number;
}

/** Plays the story by one protocol. */
async function play(
  lab: ScenarioLab,
  protocol: Protocol,
  { quantity, hangMs }: Story,
): Promise<Played> {
  const how = { coordination: protocol };
  const { available } = await lab.stock(SKU);
  const goesOn = lab.hang('payment', hangMs);
  const lines = [{ sku: SKU, quantity }];
  const alices = lab.placeOrder({ customerId: 'alice', lines }, how);
  const [event, where] = INVENTORY_DONE[protocol];
  const { orderId } = await lab.happened(event, where); // the first order of this protocol is hers
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

/** @param left the stock after the order of Alice; the order of Bob alone leaves more stock */
async function readUntilFinal(lab: ScenarioLab, orderId: string, left: number): Promise<Readings> {
  const readings: Readings = { all: 0, between: 0, said: new Set() };
  return lab.eventually("Alice's order and her stock are final", async () => {
    // Two stock reads around the order read: a change between them must not count as half done.
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

/** The compared values; a number in brackets refers to a note. */
const ROWS: [what: string, cell: Cell][] = [
  ['outcome: Alice, Bob', ({ alice, bob }) => `${alice.status}, ${bob.status}`],
  ["Alice's POST is answered after", ({ alice }) => ms(alice.answeredMs)],
  ["Alice's order is final after", ({ alice }) => ms(alice.endedMs)],
  ["Bob's order is final after", ({ bob }) => ms(bob.endedMs)],
  ['locked for Alice: the stock of the kettle (1)', ({ alice }) => ms(alice.lockedMs.inventory)],
  ['locked for Alice: her account (1)', ({ alice }) => ms(alice.lockedMs.payment)],
  ['locked for Alice: her order (1)', ({ alice }) => ms(alice.lockedMs.order)],
  ["Bob's stock row: work, and waiting for Alice (1)", ({ bob }) => ms(bob.workedMs.inventory)],
  ['readings that show a half-done order (2)', ({ readings }) => halfDone(readings)],
  ['readings that show no effect yet (2)', ({ readings }) => nothingYet(readings)],
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
  const inDoubt = inDoubtMessages > 0 ? ` (${inDoubtMessages} in doubt)` : '';
  return `${httpMessages} HTTP${inDoubt}`;
}

function commits({ flushedCommits, relayCommits }: MeasuredOrder): string {
  return relayCommits > 0 ? `${flushedCommits} (${relayCommits} by relays)` : `${flushedCommits}`;
}

const NOTES = [
  '(1) From BEGIN to the end of COMMIT, or of COMMIT PREPARED: an upper bound. By saga the order' +
    ' is in several transactions: the longest. By 2pc its row is new: nobody can wait for it.' +
    ' Bob: his transaction, until COMMIT or PREPARE TRANSACTION.',
  "(2) Stock, order, stock: read about every 50 ms, from inventory's part until all is final." +
    ' Half done: one is in its final state, the other is not. 2pc can show that too, between the' +
    ' commits of the branches: the decision is one, but the commits are several.',
  '(3) Kafka: each is sent and fetched; offsets and wake-ups are not counted. HTTP between' +
    ' services: a request and its answer are two; (in doubt): requests for the decision.',
  '(4) Commits that wait for the disk; in 2pc, PREPARE TRANSACTION too. Kafka flushes nothing of' +
    ' its own. Commits at one time may share one fsync; one for several orders counts in full.',
];

function expectDifferences(lab: ScenarioLab, hangMs: number, saga: Played, by2pc: Played): void {
  const [quick, slow] = [saga.bobTookMs, by2pc.bobTookMs];
  const took = `saga ${Math.round(quick)} ms, 2pc ${Math.round(slow)} ms`;
  const isBlocked = slow - quick > hangMs / 4;
  lab.expect('by 2pc, Bob waits for the stock row while payment hangs', isBlocked, took);
  const [shown, hidden] = [saga.readings, by2pc.readings];
  const seen = `saga ${shown.between} of ${shown.all}, 2pc ${hidden.between} of ${hidden.all}`;
  const isHidden = shown.between > hidden.between;
  lab.expect('readings show half-done orders more often by saga than by 2pc', isHidden, seen);
}

export default {
  name: 'saga-vs-2pc',
  group: 'Side by side',
  fault: 'payment hangs',
  teaches: 'what each protocol costs, and who waits',
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
    const by2pc = await play(lab, '2pc', { quantity, hangMs });
    expectDifferences(lab, hangMs, saga, by2pc);
    lab.compare((measure) => {
      const measured = [saga, by2pc].map(({ alice, bob, readings }) => {
        return { alice: measure(alice), bob: measure(bob), readings };
      });
      const rows = ROWS.map(([what, cell]) => ({ what, values: measured.map(cell) }));
      const title = `payment hangs for ${hangMs} ms; Alice orders ${quantity} × ${SKU}, Bob 1`;
      return { title, columns: [...PROTOCOLS], rows, notes: NOTES };
    });
  },
} satisfies Scenario;
