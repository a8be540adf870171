import {
  type CardCharge,
  type Finding,
  type FindingKind,
  findingKind,
  type Reconciliation,
  reconciliation,
} from '@indoubt/contracts';
import type { Queries } from '@indoubt/database';
import { type Log, type Repeating, runEvery } from '@indoubt/http';
import { record } from '@indoubt/record';
import type { CardProcessor } from './card-processor.ts';
import { findCharges, listCharges } from './charge-store.ts';
import { holdKey } from './hold-on-card.ts';
import { ALARMING, compareBooks } from './reconcile.ts';

/** The branch operations that reconciliation needs. */
export interface BranchesOfCards {
  inDoubt(): Promise<{ own: readonly { id: string }[] }>;
  /** @returns whether the branch is now aborted for good */
  abandon(id: string): Promise<boolean>;
}

export interface ReconciliationParts {
  read: Queries;
  processor: Pick<CardProcessor, 'list' | 'held' | 'release'>;
  branches: BranchesOfCards;
}

const ITEMS_MAX = 100;

/** Compares both books without any change. @throws Failure when a book cannot be read */
export async function reconciliationNow(parts: ReconciliationParts): Promise<Reconciliation> {
  const theirs = await parts.processor.list();
  const ours = await listCharges(parts.read);
  const first = compareBooks(ours, theirs, await preparedOrders(parts));
  const findings = await confirmed(parts, first);
  const counts = countOf(findings);
  const items = findings.filter(({ kind }) => kind !== 'agrees').slice(0, ITEMS_MAX);
  return { comparedAt: new Date().toISOString(), counts, items };
}

function countOf(findings: readonly Finding[]): Reconciliation['counts'] {
  const count = (kind: FindingKind) => findings.filter((each) => each.kind === kind).length;
  return reconciliation.shape.counts.parse(
    Object.fromEntries(findingKind.options.map((kind) => [kind, count(kind)])),
  );
}

/**
 * Two books that are read one after the other may differ because of changes in between. So alarming
 * findings are compared a second time before they are reported.
 */
async function confirmed(parts: ReconciliationParts, findings: Finding[]): Promise<Finding[]> {
  const sure: Finding[] = [];
  let rechecked = 0;
  for (const finding of findings) {
    const isNews = ALARMING.includes(finding.kind) && rechecked < ITEMS_MAX;
    if (isNews) rechecked += 1;
    sure.push(isNews ? await compareAgain(parts, finding) : finding);
  }
  return sure;
}

async function compareAgain(parts: ReconciliationParts, finding: Finding): Promise<Finding> {
  const { key, orderId: reference } = finding;
  const theirs = await parts.processor.list({ reference });
  const ours = await findCharges(parts.read, [key]);
  const there = theirs.filter((each) => each.key === key);
  const [again = finding] = compareBooks(ours, there, await preparedOrders(parts));
  return again;
}

async function preparedOrders({ branches }: ReconciliationParts): Promise<Set<string>> {
  const { own } = await branches.inDoubt();
  return new Set(own.map(({ id }) => id));
}

/** Longer than a prepare may take. This only saves work: safety comes from the tombstone. */
const ORPHAN_AFTER_MS = 3_000;

/**
 * Voids orphaned holds. First the branch is abandoned, which fails while the branch is prepared,
 * and prevents a later prepare. Only then is the hold voided.
 * @returns holds voided
 */
export async function voidOrphans(parts: ReconciliationParts, now: Date): Promise<number> {
  const held = await parts.processor.held();
  const old = held.filter(
    ({ createdAt }) => now.getTime() - Date.parse(createdAt) > ORPHAN_AFTER_MS,
  );
  // Charges with other keys belong to other shops.
  const own = old.filter(({ key, reference }) => key === holdKey(reference));
  if (own.length === 0) return 0;
  const ours = await findCharges(
    parts.read,
    own.map(({ key }) => key),
  );
  const findings = compareBooks(ours, own, await preparedOrders(parts));
  const orphans = findings.filter(({ kind }) => kind === 'hold-of-nobody');
  let voided = 0;
  for (const { orderId, key, kind } of orphans) {
    const hold = own.find((each) => each.key === key);
    if (hold === undefined || !(await giveUpHold(parts, hold))) continue;
    record({ event: 'reconciled', orderId, key, difference: kind });
    voided += 1;
  }
  return voided;
}

/** Abandons the branch of a hold and voids the hold. @returns false if the branch stays */
export async function giveUpHold(
  { branches, processor }: Pick<ReconciliationParts, 'branches' | 'processor'>,
  { id, key, reference: orderId }: Pick<CardCharge, 'id' | 'key' | 'reference'>,
): Promise<boolean> {
  if (!(await branches.abandon(orderId))) return false;
  await processor.release(id);
  record({ event: 'hold-voided', orderId, key });
  return true;
}

export function runReconciliation(
  parts: ReconciliationParts,
  everyMs: number,
  log: Log,
): Repeating {
  return runEvery(
    everyMs,
    async () => void (await voidOrphans(parts, new Date())),
    (error) => log.warn({ err: error }, 'the books could not be compared; will try again'),
  );
}
