import type { MeasuredOrder, Scenario, ScenarioLab } from '@indoubt/lab';

/** The switches of the protocol; a client may choose them for one order. */
const SETTINGS = {
  'presume abort': { presume: 'abort' },
  'presume nothing': { presume: 'nothing' },
  'last resource': { presume: 'abort', lastResource: true },
} as const;
type Setting = keyof typeof SETTINGS;
const NAMES = ['presume abort', 'presume nothing', 'last resource'] as const satisfies Setting[];

/** The guide is free and has no stock, so inventory and payment only read. */
const PRODUCTS = [
  { sku: 'tea', name: 'Green tea, 100 g', unitPriceCents: 450, stock: 100 },
  { sku: 'guide', name: 'How to brew tea (a download)', unitPriceCents: 0, stock: null },
];
const ORDERS = {
  'an order that commits': { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] },
  'an order that aborts': { customerId: 'carol', lines: [{ sku: 'tea', quantity: 9 }] },
  'a free download': { customerId: 'alice', lines: [{ sku: 'guide', quantity: 1 }] },
};

interface Cost {
  order: string;
  orderId: string;
  setting: Setting;
  /** Records that the coordinator's log forced to disk. */
  forced: number;
  /** Participants that need the decision. */
  notified: number;
}

async function costOf(
  lab: ScenarioLab,
  order: keyof typeof ORDERS,
  setting: Setting,
): Promise<Cost> {
  const orderId = await lab.placeOrder(ORDERS[order], {
    coordination: '2pc',
    ...SETTINGS[setting],
  });
  const decided = await lab.happened('decision-made', { orderId });
  await lab.quiet();
  const begun = SETTINGS[setting].presume === 'nothing' ? 1 : 0;
  const forced = begun + lab.count('decision-made', { orderId, durable: true });
  const notified = decided.participants.length;
  return { order, orderId, setting, forced, notified };
}

export default {
  name: '2pc-optimisations',
  group: 'Side by side',
  fault: 'none',
  teaches: 'which messages and log writes 2PC can save',
  coordinations: ['2pc'],
  steps: [
    'Three orders: one commits, one aborts, and one is for a free download.',
    'The download needs no stock and no money, so inventory and payment vote read-only.',
    'Presume abort: an abort writes no record; a transaction without a record is aborted.',
    'Presume nothing: begin and abort are written to the log as well, and forced to disk.',
    'Last resource: order prepares last. If no other branch wrote, its commit is the decision.',
  ],
  invariants: ['INV-3', 'INV-4', 'INV-11'],
  adrs: [14],
  world: { products: PRODUCTS },
  async run(lab) {
    const costs: Cost[] = [];
    for (const order of [
      'an order that commits',
      'an order that aborts',
      'a free download',
    ] as const) {
      for (const setting of NAMES) costs.push(await costOf(lab, order, setting));
    }
    const forced = (order: string, setting: Setting) =>
      costs.find((cost) => cost.order === order && cost.setting === setting)?.forced ?? -1;
    const expectForced = (title: string, order: string, setting: Setting, wanted: number): void => {
      const found = forced(order, setting);
      lab.expect(title, found === wanted, `forced records: ${found}`);
    };
    expectForced('presumed abort: a commit costs 1', 'an order that commits', 'presume abort', 1);
    expectForced('presumed abort: an abort costs 0', 'an order that aborts', 'presume abort', 0);
    expectForced(
      'presumed nothing: an abort costs 2',
      'an order that aborts',
      'presume nothing',
      2,
    );
    expectForced(
      'last resource: 0 if one participant writes',
      'a free download',
      'last resource',
      0,
    );
    lab.compare((measure) => ({
      title: 'what each switch costs',
      columns: [...NAMES],
      rows: [
        ...rowsOf(costs, 'records forced to the log', ({ forced: records }) => `${records}`),
        ...rowsOf(costs, 'decision sent to', ({ notified }) => `${notified}`),
        ...rowsOf(costs, 'messages', ({ orderId }) => messages(measure(orderId))),
      ],
      notes: ['Messages: HTTP between services; a request and its answer are two.'],
    }));
  },
} satisfies Scenario;

function messages({ httpMessages }: MeasuredOrder): string {
  return `${httpMessages}`;
}

function rowsOf(costs: Cost[], what: string, cell: (cost: Cost) => string) {
  return Object.keys(ORDERS).map((order) => ({
    what: `${order}: ${what}`,
    values: costs.filter((cost) => cost.order === order).map(cell),
  }));
}
