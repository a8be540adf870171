import type { RunRows } from '../../evidence/rows/run-rows.ts';
import type { StoredRun } from '../../evidence/stored-run/open-run.ts';
import type { ReportData } from '../page/report-data.ts';
import { readStory, type Story } from '../sequence/read-story.ts';
import { sequenceOf } from '../sequence/sequence-of.ts';
import { databasesOf, type ToldChange, toldChanges } from './report-databases.ts';
import { locksOf, preparedOf } from './report-holds.ts';
import { messagesOf } from './report-messages.ts';
import { type OrdersOfRun, ordersOf } from './report-orders.ts';
import { eventsOf, reportSpansOf } from './report-story.ts';
import { checksOf, faultsOf } from './report-verdict.ts';
import { ORDERS_MAX, whatIsKept } from './what-is-kept.ts';

/** A page has to open at once: with its code beside it, it stays below 5 MB. Bytes. */
const SIZE_MAX = 4_000_000;

/**
 * Everything that the page of a run shows. Of a run with very many orders it keeps those that did
 * not go the straight way, then the first others, and says so. Pure.
 * @param rows  what looks at the databases saw; null for a run that was not watched
 * @param about  what its scenario is about; null when it is not known any more
 */
export function reportDataOf(
  run: Pick<StoredRun, 'result' | 'lines'>,
  rows: RunRows | null,
  about: ReportData['about'],
): ReportData {
  const whole = readWhole(run, rows, about);
  let [fits, tooMany] = [0, ORDERS_MAX + 1];
  let found: ReportData | null = null;
  for (let most = ORDERS_MAX; most > fits; most = (fits + tooMany) >> 1) {
    const data = keptOf(whole, most);
    if (sizeOf(data) <= SIZE_MAX) [fits, found] = [most, data];
    else tooMany = most;
  }
  return found ?? keptOf(whole, 0);
}

function sizeOf(data: ReportData): number {
  return Buffer.byteLength(JSON.stringify(data));
}

interface Whole {
  run: Pick<StoredRun, 'result' | 'lines'>;
  rows: RunRows | null;
  about: ReportData['about'];
  story: Story;
  orders: OrdersOfRun;
  changes: ToldChange[];
  messages: ReportData['messages'];
  prepared: ReportData['prepared'];
  locks: ReportData['locks'];
  sequence: ReportData['sequence'];
}

function readWhole(run: Whole['run'], rows: RunRows | null, about: ReportData['about']): Whole {
  const story = readStory(run.lines);
  const orders = ordersOf(story, run.result);
  const changes = rows === null ? [] : toldChanges(rows, story, orders);
  const locks = locksOf(rows, story);
  return {
    run,
    rows,
    about,
    story,
    orders,
    changes,
    messages: messagesOf(rows, changes, story, orders),
    prepared: preparedOf(rows, story, orders),
    locks,
    sequence: sequenceOf(story, { locks }),
  };
}

/** @param most  orders at most; in their measure, so much of what is about none */
function keptOf(whole: Whole, most: number): ReportData {
  const { run, rows, about, story, orders, changes, messages, prepared, locks } = whole;
  const { result } = run;
  const kept = whatIsKept(orders, most);
  const isKept = (order: string | null): boolean => order === null || kept.labels.has(order);
  const ofOrder = ({ order }: { order: string | null }): string | null => order;
  const { scenario, coordination, seed, verdict, problem, durationMs, comparison } = result;
  return {
    scenario,
    coordination,
    seed,
    startedAt: new Date(startOf(story)).toISOString(),
    verdict,
    problem,
    durationMs,
    again: result.again,
    about,
    orders: orders.orders.filter(({ label }) => kept.labels.has(label)),
    orderCount: orders.orders.length,
    events: eventsOf(story, kept),
    sequence: { ...whole.sequence, steps: kept.of(whole.sequence.steps, ofOrder, 'steps') },
    spans: reportSpansOf(story, kept),
    databases: rows === null ? [] : databasesOf(rows, changes, orders, isKept),
    messages: kept.of(messages, ofOrder, 'messages'),
    prepared: prepared.filter(({ order }) => isKept(order)),
    locks: kept.of(locks, () => null, 'lock waits'),
    faults: faultsOf(result.faults, story),
    checks: checksOf(result, story),
    comparison,
    leftOut: [...kept.leftOut, ...withoutRows(rows)],
  };
}

/** Epoch milliseconds of the moment from which all times are told. */
function startOf({ msOf }: Story): number {
  return -msOf(0);
}

function withoutRows(rows: RunRows | null): string[] {
  return rows?.leftOut ?? ['The rows of the databases: nobody looked at them in this run.'];
}
