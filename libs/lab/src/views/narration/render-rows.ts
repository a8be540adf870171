import Table from 'cli-table3';
import type { Snapshot } from '../../evidence/snapshot/snapshot.ts';
import { formatCents } from '../../text/format-cents.ts';
import { shortId } from '../../text/order-label.ts';
import { orderLines } from '../../text/order-lines.ts';
import type { Paint } from '../../text/paint.ts';

export interface Rows {
  before: Snapshot;
  after: Snapshot;
  /** Label of an order in the narration, such as `A`. */
  label: (orderId: string) => string;
}

const ROWS_MAX = 12; // a scenario under load has hundreds of orders
const WIDTH_MAX = 98; // 100 columns less the indent of two
const GAP = 2;

/** Renders the final rows of the databases; a changed value is rendered as `before → after`. */
export function renderRows(rows: Rows, paint: Paint): string {
  return [
    ordersSection(rows),
    section('accounts', ['customer', 'balance', 'payments'], accounts(rows)),
    section('stock', ['sku', 'available', 'held'], stock(rows)),
    ...ifAny(section('transactions', TRANSACTION_HEAD, transactions(rows))),
    ...ifAny(section('prepared', ['gid', 'owner'], prepared(rows))),
  ]
    .map(({ title, head, cells }) => table(title, head, cells, paint))
    .join('\n\n');
}

function section(title: string, head: string[], cells: string[][]) {
  return { title, head, cells };
}

/** A run without two-phase commit gets no empty sections about it. */
function ifAny(candidate: ReturnType<typeof section>) {
  return candidate.cells.length === 0 ? [] : [candidate];
}

/** The column `by` (saga or 2pc) is rendered only when some order was placed by 2PC. */
function ordersSection(rows: Rows) {
  const by = rows.after.orders.some(({ coordination }) => coordination === '2pc') ? ['by'] : [];
  const head = ['', 'id', 'customer', 'lines', 'total', ...by, 'status', 'reason'];
  return section('orders', head, orders(rows, by.length > 0));
}

function orders({ before, after, label }: Rows, hasBy: boolean): string[][] {
  const known = new Set(before.orders.map(({ id }) => id));
  return after.orders.map(({ id, customerId, status, reason, totalCents, coordination }) => {
    const lines = after.orderLines.filter((line) => line.orderId === id);
    const old = before.orders.find((order) => order.id === id)?.status;
    const now = known.has(id) ? change(old ?? '', status) : `(none) → ${status}`;
    const total = formatCents(totalCents);
    const what = [label(id), shortId(id), customerId, orderLines(lines), total];
    return [...what, ...(hasBy ? [coordination] : []), now, reason ?? ''];
  });
}

function accounts({ before, after }: Rows): string[][] {
  return after.accounts.map(({ customerId, balanceCents }) => {
    const old = before.accounts.find((account) => account.customerId === customerId);
    const payments = after.payments
      .filter((payment) => payment.customerId === customerId)
      .map(({ status, amountCents }) => `${status} ${formatCents(amountCents)}`);
    const balance = change(formatCents(old?.balanceCents ?? 0), formatCents(balanceCents));
    return [customerId, balance, payments.join(', ')];
  });
}

function stock({ before, after }: Rows): string[][] {
  return after.stock.map(({ sku, available, held }) => {
    const old = before.stock.find((each) => each.sku === sku) ?? { available: 0, held: 0 };
    return [sku, change(`${old.available}`, `${available}`), change(`${old.held}`, `${held}`)];
  });
}

const TRANSACTION_HEAD = ['', 'id', 'decision', 'participants', 'ended'];

/** The coordinator's log: with presumed abort, it contains only committed transactions. */
function transactions({ after, label }: Rows): string[][] {
  return after.transactions.map(({ id, decision, participants, ended }) => {
    const end = ended ? 'yes' : 'no';
    return [label(id), shortId(id), decision ?? 'undecided', participants.join(', '), end];
  });
}

/** A prepared transaction holds its locks until an operator or a coordinator ends it. */
function prepared({ after }: Rows): string[][] {
  return after.preparedTransactions.map(({ gid, owner }) => [gid, owner]);
}

function change(before: string, after: string): string {
  return before === after ? after : `${before} → ${after}`;
}

const PLACES = ['top', 'bottom', 'left', 'mid', 'right'];
const BORDERLESS = Object.fromEntries([
  ...PLACES.flatMap((place) =>
    [place, `${place}-mid`, `${place}-left`, `${place}-right`].map(none),
  ),
  none('middle'),
]);

function none(part: string): [string, string] {
  return [part, ''];
}

function table(title: string, head: string[], cells: string[][], paint: Paint): string {
  if (cells.length === 0) return `${paint.bold(title)}  (none)`;
  const style = { head: [], border: [], 'padding-left': 0, 'padding-right': GAP };
  const shown = cells.slice(0, ROWS_MAX);
  const widths = columnWidths([head, ...shown]);
  const grid = new Table({ chars: BORDERLESS, style, head: head.map((name) => paint.dim(name)) });
  grid.push(...shown.map((row) => row.map((cell, column) => fit(cell, widths[column] ?? 0))));
  const more = cells.length - ROWS_MAX;
  const rest = more > 0 ? [`… and ${more} more (all of them in --json)`] : [];
  return [paint.bold(title), ...grid.toString().split('\n'), ...rest]
    .map((line, index) => (index === 0 ? line : `  ${line.trimEnd()}`))
    .join('\n');
}

/** Each column is as wide as its widest cell; the widest columns shrink until all columns fit. */
function columnWidths(rows: string[][]): number[] {
  const columns = rows[0] ?? [];
  const widths = columns.map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const sum = (): number => widths.reduce((total, width) => total + width + GAP, 0);
  while (sum() > WIDTH_MAX) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function fit(cell: string, width: number): string {
  return cell.length <= width ? cell : `${cell.slice(0, width - 1)}…`;
}
