import type { BlockedSession } from '../../evidence/in-doubt/blocked-sessions.ts';
import type { DecisionInLog } from '../../evidence/in-doubt/decision-in-log.ts';
import type { InDoubt, InDoubtTransaction } from '../../evidence/in-doubt/list-in-doubt.ts';
import type { LockedTable } from '../../evidence/in-doubt/locked-rows.ts';
import { COLUMNS_MAX } from '../../text/columns-max.ts';
import { count } from '../../text/count.ts';
import { duration } from '../../text/duration.ts';
import type { Paint } from '../../text/paint.ts';
import { wrapText } from '../../text/wrap-text.ts';

const NAME_WIDTH = 11; // prepared, decision, locks, blocked
const SESSION_INDENT = 4;
const SESSIONS_MAX = 8; // behind a popular row are as many as the pool has connections
const QUERY_WIDTH = COLUMNS_MAX - NAME_WIDTH - SESSION_INDENT;

/** Renders the prepared transactions of a lab for an operator. At most 100 columns. */
export function renderInDoubt({ items, unread }: InDoubt, paint: Paint): string {
  const gaps = unread.map((owner) =>
    paint.red(`${owner}: its database does not answer, so what is in doubt there is unknown`),
  );
  const nothing =
    gaps.length === 0 ? 'nothing is in doubt' : 'nothing is in doubt in the databases that answer';
  const head =
    items.length === 0
      ? `${nothing}: no transaction is prepared.`
      : paint.bold(`${count(items.length, 'prepared transaction')}, in doubt`);
  const blocks = [[head, ...gaps].join('\n'), ...items.map((item) => block(item, paint))];
  return `${[...blocks, ...(items.length === 0 ? [] : [NEXT])].join('\n\n')}\n`;
}

const NEXT = [
  'A coordinator ends the branches of its transactions: start it and wait. An orphan needs you.',
  "By hand, at your own risk: 'scenario indoubt resolve GID --commit' (or --abort).",
].join('\n');

function block(item: InDoubtTransaction, paint: Paint): string {
  const { gid, owner, locked, blocked, decision, transactionId } = item;
  const title = wrapped(printable(gid), 2).map((line, index) =>
    index === 0 ? paint.bold(paint.yellow(line)) : `  ${paint.bold(paint.yellow(line))}`,
  );
  const says = transactionId === null ? ORPHAN : DECISIONS[decision];
  return [
    ...title,
    ...entry('prepared', `${age(item.ageMs)} ago, in the database of ${owner}`, paint),
    ...entry('decision', says, paint),
    ...entry('locks', locks(locked) || 'no row', paint),
    ...entry(
      'blocked',
      blocked.length === 0 ? 'no session' : count(blocked.length, 'session'),
      paint,
    ),
    ...blocked.slice(0, SESSIONS_MAX).flatMap((session) => sessionLines(session, paint)),
    ...(blocked.length > SESSIONS_MAX
      ? [indented(`… and ${blocked.length - SESSIONS_MAX} more (all of them in --json)`)]
      : []),
  ].join('\n');
}

const ORPHAN = 'unknown: an orphan, which no service of this lab has prepared';

const DECISIONS: Record<DecisionInLog, string> = {
  commit: "commit: it is in the coordinator's log, and other participants may have committed",
  abort: "abort: it is in the coordinator's log",
  'presumed-abort':
    "none in the coordinator's log: presumed abort, unless votes are still being collected",
  undecided: "none yet: the transaction is begun in the coordinator's log, so no abort is presumed",
  unknown: "unknown: the coordinator's log does not answer; it may say commit",
};

function locks(locked: LockedTable[]): string {
  const found = locked.filter((table) => table.count !== 0).map(lockedTable);
  const blank = locked.filter((table) => table.count === 0);
  const unseen = names(blank.filter(({ wrote }) => wrote));
  const shared = names(blank.filter(({ wrote }) => !wrote));
  return [
    ...found,
    ...(unseen === '' ? [] : [`new rows, invisible until the commit, in ${unseen}`]),
    ...(shared === '' ? [] : [`rows whose lock it shares with other transactions, in ${shared}`]),
  ].join('\n');
}

function names(locked: LockedTable[]): string {
  return locked.map(({ table }) => printable(table)).join(', ');
}

function lockedTable({ table, count: total, rows }: LockedTable): string {
  const name = printable(table);
  if (total === null)
    return `${name}: cannot be read, because a session waits to lock the whole table`;
  const keys = rows.map(keyText).join('; ');
  const more = total - rows.length;
  return `${count(total, 'row')} of ${name}: ${keys}${more > 0 ? `; and ${more} more` : ''}`;
}

function keyText(key: Record<string, unknown>): string {
  const parts = Object.entries(key).map(([column, value]) => `${column}=${plain(value)}`);
  return printable(parts.join(' '));
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function sessionLines(session: BlockedSession, paint: Paint): string[] {
  const { pid, name, waitsMs, query } = session;
  const head = `${name} (process ${pid}) waits ${duration(waitsMs)} for ${aim(session)}`;
  const statement = printable(query);
  const short =
    statement.length > QUERY_WIDTH ? `${statement.slice(0, QUERY_WIDTH - 1)}…` : statement;
  return [
    ...wrapped(printable(head), NAME_WIDTH + 2).map(indented),
    indented(paint.dim(`  ${short}`)),
  ];
}

function aim({ waitsFor, behind }: BlockedSession): string {
  return behind.length === 0 ? waitsFor : `${waitsFor}, behind ${behind.join(', ')}`;
}

function entry(name: string, text: string, paint: Paint): string[] {
  return wrapped(text, NAME_WIDTH + 2).map((line, index) => {
    const head = index === 0 ? name : '';
    return `  ${paint.dim(head.padEnd(NAME_WIDTH))}${line}`;
  });
}

function indented(line: string): string {
  return ' '.repeat(NAME_WIDTH + 2) + line;
}

function wrapped(text: string, indent: number): string[] {
  return wrapText(text, COLUMNS_MAX - indent);
}

/**
 * Escapes control characters: names, keys and statements may contain any, and must not control the
 * terminal.
 */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '·');
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Renders an age of minutes to weeks. */
function age(ms: number): string {
  if (ms < 2 * MINUTE_MS) return duration(ms);
  if (ms < 2 * HOUR_MS) return `${Math.round(ms / MINUTE_MS)} minutes`;
  return ms < 2 * DAY_MS ? `${Math.round(ms / HOUR_MS)} hours` : `${Math.round(ms / DAY_MS)} days`;
}
