import { parseChaos, type VariantName } from '@indoubt/chaos';
import {
  type InvariantId,
  newRunDir,
  planCells,
  runMatrix,
  runStorm,
  type StormSchedule,
} from '@indoubt/lab';
import { expect, test } from 'vitest';
import { sampleOf } from '../runner/sample.ts';
import { root, sharedServers } from './shared-servers.ts';

const servers = sharedServers();
const { signal } = new AbortController();
const common = { root, signal, onLine: () => undefined, onPhase: () => undefined };

/** One cell of the crash matrix is enough to find these variants. */
test.each([
  ['dual-write', 'saga', 'order:placed-not-committed', 'INV-6'],
  ['mark-before-publish', 'saga', 'relay-order:claimed-not-published', 'INV-7'],
  ['no-inbox', 'saga', 'payment:handled-not-acknowledged', 'INV-6'],
  ['inbox-outside-transaction', 'saga', 'payment:claimed-not-acted', 'INV-3'],
  ['offset-before-commit', 'saga', 'payment:received-not-handled', 'INV-13'],
  ['no-decision-log', '2pc', 'coordinator:due-not-sent', 'INV-11'],
] as const)(
  'variant %s is found by one cell of the matrix: %s, %s, %s',
  async (variant, coordination, points, invariant) => {
    const only = { hits: [1], outcomes: ['confirmed'] } as const;
    const { verdict, cells } = await runMatrix({
      ...common,
      cells: planCells({ coordinations: [coordination], points, ...only }),
      parallel: 1,
      infrastructure: servers(),
      runDir: newRunDir(root, `caught-${variant}`),
      rules: parseChaos(`variant=${variant}`),
      onCell: () => undefined,
    });
    expect(verdict).toBe('broken');
    expect(cells[0]?.broken).toContain(invariant);
  },
);

const SECONDS = 6;
const RATE = 15;
const RESTS_WITHIN_MS = 15_000;
const COPY: StormSchedule['steps'] = [{ atMs: 1, kind: 'copy', process: 'relay-order' }];

interface Storm {
  variant: VariantName;
  rules: string;
  breaks: InvariantId;
  coordination?: '2pc';
  steps?: StormSchedule['steps'];
  saga?: { answerWithinMs: number; attemptsMax: number };
}

/** These variants need many orders or late answers: each has a storm with one kind of fault. */
const STORMS: Storm[] = [
  {
    variant: 'undo-known-only',
    rules: 'relay-inventory:claimed-not-published=delay(3s,p=0.3)',
    breaks: 'INV-4',
  },
  {
    variant: 'undo-past-pivot',
    rules: 'relay-payment:claimed-not-published=delay(4s,p=0.3)',
    breaks: 'INV-4',
  },
  {
    variant: 'new-id-on-retry',
    rules: 'relay-payment:claimed-not-published=delay(2s,p=0.3)',
    breaks: 'INV-6',
  },
  {
    // The declined payments cause undos. Without them there are seven undos, and in one storm of
    // twelve no undo failed.
    variant: 'undo-errors-swallowed',
    rules: 'payment=decline(p=0.5); inventory:claimed-not-acted=error(p=0.3)',
    breaks: 'INV-4',
  },
  { variant: 'undo-needs-action', rules: 'inventory.commands=drop(p=0.5)', breaks: 'INV-9' },
  {
    variant: 'decides-alone',
    rules: 'coordinator:due-not-sent=delay(3s,p=0.3)',
    breaks: 'INV-11',
    coordination: '2pc',
  },
  {
    variant: 'range-mark',
    rules: 'order:placed-not-committed=delay(200ms,p=0.5)',
    breaks: 'INV-7',
  },
  {
    // One attempt only: a retried command would be sent in order by the other relay.
    variant: 'no-key-order',
    rules: 'relay-order:claimed-not-published=delay(3s,p=0.3)',
    breaks: 'INV-8',
    steps: COPY,
    saga: { answerWithinMs: 1_000, attemptsMax: 1 },
  },
];

// variants.test.ts plays each of these mistakes in every run, in a story of its own.
test.each(sampleOf('storms that catch a mistake', STORMS, 3))(
  'variant $variant is found by a storm of 6 s with $rules: $breaks',
  async (storm) => {
    const { variant, rules, breaks, coordination = 'saga', steps = [], saga } = storm;
    const chaos = `variant=${variant}; ${rules}`;
    const durationMs = SECONDS * 1_000;
    const { verdict, invariants } = await runStorm({
      ...common,
      schedule: { seed: 1, durationMs, rate: RATE, coordination, chaos, steps },
      ...(saga && { saga }),
      infrastructure: servers(),
      restsWithinMs: RESTS_WITHIN_MS,
      repeat: () => '',
    });
    expect(verdict).toBe('broken');
    const broken = invariants.filter(({ holds }) => !holds);
    expect(broken.map(({ id }) => id)).toContain(breaks);
    expect(broken[0]?.because).not.toBeNull();
  },
);
