import type { ReportData, ReportEvent } from './report-data.ts';

/** A row of two stories side by side: ids of events; null where a run has no similar event. */
export interface AlignedRow {
  left: number | null;
  right: number | null;
}

/**
 * Pairs similar events of two runs and keeps the order of each run: a longest common subsequence
 * with weights. Two events are similar when the same process does the same step of the same order,
 * by either protocol: the vote of a branch is paired with the step of a saga, and the decision with
 * the saga's turn to compensation or with its completion. Branches vote in any order: a vote that
 * breaks the order of the saga's steps stays alone. Details are left out. Pure.
 * @see Needleman and Wunsch, "A general method applicable to the search for similarities" (1970)
 */
export function align(left: ReportData, right: ReportData): AlignedRow[] {
  const [a, b] = [comparable(left), comparable(right)];
  const [near, far] = [a.slice(0, ALIGNED_MAX), b.slice(0, ALIGNED_MAX)];
  const rest = [
    ...a.slice(ALIGNED_MAX).map(({ id }) => ({ left: id, right: null })),
    ...b.slice(ALIGNED_MAX).map(({ id }) => ({ left: null, right: id })),
  ];
  return [...paired(near, far), ...rest];
}

/** Events per run. The table of all pairs has the square of that many cells. */
const ALIGNED_MAX = 1_500;

interface Comparable {
  id: number;
  /** Kind of event and its order: only events with an equal meaning can be paired. */
  meaning: string;
  /** The text without parts that differ from run to run: times, ids, numbers. */
  words: string;
}

function comparable({ events }: ReportData): Comparable[] {
  return events
    .filter(({ isDetail }) => !isDetail)
    .map((event) => ({ id: event.id, meaning: meaningOf(event), words: wordsOf(event.text) }));
}

function paired(a: readonly Comparable[], b: readonly Comparable[]): AlignedRow[] {
  const common = commonWeights(a, b);
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

/** The best weight for the events of `a` from i on, paired with the events of `b` from j on. */
function commonWeights(a: readonly Comparable[], b: readonly Comparable[]): Uint32Array[] {
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

/** A step that is done or undone has the highest weight, then two events with the same words. */
function sameness(one: Comparable, other: Comparable): number {
  if (one.meaning !== other.meaning) return 0;
  if (COMES_UP.test(one.meaning)) return 1;
  const words = one.words === other.words ? 30 : 10;
  return DOES.test(one.meaning) ? words + 50 : words;
}

const DOES = /^(?:does|undoes) /;
/** The time at which a process starts is random: such a pair must not separate other pairs. */
const COMES_UP = /^(?:service-ready|process-started) /;

/** The participant's own work, an event with a different name in each protocol. */
const PARTS = new Set(['message-handled', 'branch-voted']);
/** The work of the leader: the order service in a saga, the coordinator in 2PC. */
const LEADS = new Set(['saga-advanced', 'transaction-begun', 'decision-made']);

function meaningOf({ event, process, order, mark, text }: ReportEvent): string {
  if (LEADS.has(event)) return `leads: ${leadOf(event, text)} ${order}`;
  const role = `${process.replace(/-\d+$/, '')} ${order}`;
  const isUndone = event === 'branch-ended' && text.startsWith('rolls');
  if (isUndone || (event === 'message-handled' && mark === 'compensation')) return `undoes ${role}`;
  if (PARTS.has(event)) return `does its part ${role}`;
  // Messages are similar only when their words are the same.
  return `${event} ${role} ${event.startsWith('message-') ? wordsOf(text) : ''}`;
}

/** The beginning, the turn to commit or abort, or the words of a step between them. */
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
