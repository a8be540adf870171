import type { ReportData, ReportEvent } from './report-data.ts';

/** A row of two stories side by side: ids of events; null where a run has nothing like it. */
export interface AlignedRow {
  left: number | null;
  right: number | null;
}

/**
 * Puts what corresponds in two runs beside each other, and keeps the order of each: of all ways to
 * pair them the one that has most in common (a longest common subsequence with weights). Two events
 * correspond when the same part of the lab does the same step of the same order, by whichever
 * protocol: the vote of a branch stands beside the step of a saga, the decision beside where the
 * saga turns back or completes. Branches vote in any order: a vote that came in another order than
 * the saga's steps stands alone. Details are left out. Pure.
 * @see Needleman and Wunsch, "A general method applicable to the search for similarities" (1970)
 */
export function align(left: ReportData, right: ReportData): AlignedRow[] {
  const [a, b] = [told(left), told(right)];
  const [near, far] = [a.slice(0, ALIGNED_MAX), b.slice(0, ALIGNED_MAX)];
  const rest = [
    ...a.slice(ALIGNED_MAX).map(({ id }) => ({ left: id, right: null })),
    ...b.slice(ALIGNED_MAX).map(({ id }) => ({ left: null, right: id })),
  ];
  return [...paired(near, far), ...rest];
}

/** Of each run; the table of all pairs is that long and that wide. */
const ALIGNED_MAX = 1_500;

interface Comparable {
  id: number;
  /** What kind of thing, about which order: only equal ones can stand beside each other. */
  meaning: string;
  /** The same without what differs from run to run: times, ids, numbers. */
  words: string;
}

function told({ events }: ReportData): Comparable[] {
  return events
    .filter(({ isDetail }) => !isDetail)
    .map((event) => ({ id: event.id, meaning: meaningOf(event), words: wordsOf(event.text) }));
}

function paired(a: readonly Comparable[], b: readonly Comparable[]): AlignedRow[] {
  const common = inCommon(a, b);
  const rows: AlignedRow[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [one, other] = [a[i], b[j]];
    const both = common[i + 1]?.[j + 1] ?? 0;
    const best = common[i]?.[j] ?? 0;
    const gain = one === undefined || other === undefined ? 0 : sameness(one, other);
    if (one !== undefined && other !== undefined && gain > 0 && best === both + gain) {
      rows.push({ left: one.id, right: other.id });
      [i, j] = [i + 1, j + 1];
    } else if (one !== undefined && (other === undefined || best === (common[i + 1]?.[j] ?? 0))) {
      rows.push({ left: one.id, right: null });
      i += 1;
    } else if (other !== undefined) {
      rows.push({ left: null, right: other.id });
      j += 1;
    }
  }
  return rows;
}

/** How much the rests from i and j on have in common. */
function inCommon(a: readonly Comparable[], b: readonly Comparable[]): Uint32Array[] {
  const table = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    const [one, row, below] = [a[i], table[i], table[i + 1]];
    if (one === undefined || row === undefined || below === undefined) continue;
    for (let j = b.length - 1; j >= 0; j -= 1) {
      const other = b[j];
      const gain = other === undefined ? 0 : sameness(one, other);
      const pair = gain === 0 ? 0 : gain + (below[j + 1] ?? 0);
      row[j] = Math.max(pair, below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return table;
}

/** Worth most: a step that is done or undone. Next: two that say the same. */
function sameness(one: Comparable, other: Comparable): number {
  if (one.meaning !== other.meaning) return 0;
  if (COMES_UP.test(one.meaning)) return 1;
  const words = one.words === other.words ? 30 : 10;
  return DOES.test(one.meaning) ? words + 50 : words;
}

const DOES = /^(?:does|undoes) /;
/** When a process comes up is by chance: nothing else stands alone for it. */
const COMES_UP = /^(?:service-ready|process-started) /;

/** What both protocols have, each under its own name: the participant's own work. */
const PARTS = new Set(['message-handled', 'branch-voted']);
/** The same, by whoever leads: the order service in a saga, the coordinator in 2PC. */
const LEADS = new Set(['saga-advanced', 'transaction-begun', 'decision-made']);

function meaningOf({ event, process, order, mark, text }: ReportEvent): string {
  if (LEADS.has(event)) return `leads: ${leadOf(event, text)} ${order}`;
  const role = `${process.replace(/-\d+$/, '')} ${order}`;
  const isUndone = event === 'branch-ended' && text.startsWith('rolls');
  if (isUndone || (event === 'message-handled' && mark === 'compensation')) return `undoes ${role}`;
  if (PARTS.has(event)) return `does its part ${role}`;
  // A message is another one when it says something else.
  return `${event} ${role} ${event.startsWith('message-') ? wordsOf(text) : ''}`;
}

/** The beginning, the turn to either end, or what lies between. */
function leadOf(event: string, text: string): string {
  if (event === 'transaction-begun' || text.startsWith('saga started')) return 'begins';
  if (/decides abort|; compensation: sends |; nothing to compensate/.test(text)) return 'aborts';
  // The pivot of the lab's saga is its last step that another service does.
  if (/decides commit|; saga completed/.test(text)) return 'commits';
  return wordsOf(text);
}

function wordsOf(text: string): string {
  return text
    .replaceAll(/\([^)]*\)/g, '')
    .replaceAll(/\b[0-9a-f…-]{8,}\b/g, '')
    .replaceAll(/[\d.]+/g, '')
    .trim();
}
