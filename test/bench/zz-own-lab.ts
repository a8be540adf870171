import { writeFileSync } from 'node:fs';
import { DEFAULT_SAGA, DEFAULT_WORLD } from '@indoubt/lab';
import { checkAll, settle, snapshotOf } from '@indoubt/lab';
import { onALab } from './on-a-lab.ts';
const world = {
  products: DEFAULT_WORLD.products.map((product) => ({ ...product, stock: 1_000_000 })),
  customers: [
    ...DEFAULT_WORLD.customers.map((each) => ({ ...each, balanceCents: 100_000_000 })),
    { id: 'dora', name: 'Dora', balanceCents: 0, creditLimitCents: 0, card: 'card-dora' },
  ],
};
await onALab('own', { world, saga: DEFAULT_SAGA }, async (lab, signal) => {
  writeFileSync('/tmp/own/lab.json', JSON.stringify(lab.endpoints));
  await new Promise<void>((r) => process.once('SIGTERM', () => r()));
  await settle(lab.databases, lab.topics, 30000, signal).catch((e) => console.log('settle', e.message));
  const bad = checkAll(await snapshotOf(lab, [])).filter((x) => !x.holds);
  console.log(JSON.stringify(bad, null, 1));
});
