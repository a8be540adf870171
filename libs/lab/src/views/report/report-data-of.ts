import type { RunRows } from '../../evidence/rows/run-rows.ts';
import type { StoredRun } from '../../evidence/stored-run/open-run.ts';
import type { ReportData } from '../page/report-data.ts';
import { readStory, type Story } from '../sequence/read-story.ts';
import { sequenceOf } from '../sequence/sequence-of.ts';
import { type AssignedChange, assignChanges, databasesOf } from './report-databases.ts';
import { locksOf, preparedOf } from './report-locks.ts';
import { messagesOf } from './report-messages.ts';
import { type OrdersOfRun, ordersOf } from './report-orders.ts';
import { eventsOf, reportSpansOf } from './report-story.ts';
import { checksOf, faultsOf } from './report-verdict.ts';
import { ORDERS_MAX, selectShown } from './select-shown.ts';

/** The page should open quickly: with its code it stays below 5 MB. Bytes. */
const SIZE_MAX = 4_000_000;

/**
 * Everything that the page of a run shows. Of a run with very many orders, those with a fault,
 * retry or compensation are shown, then the first others, and the page says so. Pure.
 * @param rows  polled from the databases; null for a run without rows
 * @param about  description of the scenario; null when the scenario does not exist any more
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
    const data = dataOfShown(whole, most);
    if (sizeOf(data) <= SIZE_MAX) [fits, found] = [most, data];
    else tooMany = most;
  }
  return found ?? dataOfShown(whole, 0);
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
  changes: AssignedChange[];
  messages: ReportData['messages'];
  prepared: ReportData['prepared'];
  locks: ReportData['locks'];
  sequence: ReportData['sequence'];
}

function readWhole(run: Whole['run'], rows: RunRows | null, about: ReportData['about']): Whole {
  const story = readStory(run.lines);
  const orders = ordersOf(story, run.result);
  const changes = rows === null ? [] : assignChanges(rows, story, orders);
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

/** @param most  the most orders to show; entries without an order are limited in proportion */
function dataOfShown(whole: Whole, most: number): ReportData {
  const { run, rows, about, story, orders, changes, messages, prepared, locks } = whole;
  const { result } = run;
  const shown = selectShown(orders, most);
  const isShown = (order: string | null): boolean => order === null || shown.labels.has(order);
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
    orders: orders.orders.filter(({ label }) => shown.labels.has(label)),
    orderCount: orders.orders.length,
    events: eventsOf(story, shown),
    sequence: { ...whole.sequence, steps: shown.of(whole.sequence.steps, ofOrder, 'steps') },
    spans: reportSpansOf(story, shown),
    databases: rows === null ? [] : databasesOf(rows, changes, orders, isShown),
    messages: shown.of(messages, ofOrder, 'messages'),
    prepared: prepared.filter(({ order }) => isShown(order)),
    locks: shown.of(locks, () => null, 'lock waits'),
    faults: faultsOf(result.faults, story),
    checks: checksOf(result, story),
    comparison,
    leftOut: [...shown.leftOut, ...withoutRows(rows)],
  };
}

/** The moment to which all times are relative. Epoch milliseconds. */
function startOf({ msOf }: Story): number {
  return -msOf(0);
}

function withoutRows(rows: RunRows | null): string[] {
  return rows?.leftOut ?? ['The rows of the databases were not polled in this run.'];
}
