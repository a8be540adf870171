/** The cost of further rows, inserted in batches with a commit for each. */
export interface Next {
  rows: number;
  seconds: number;
  rowsPerSecond: number;
  walBytes: number;
  /** Full-page images in the WAL: pages that changed for the first time after a checkpoint. */
  fullPages: number;
  /** Reads of index pages that were not in shared_buffers. */
  readBlocks: number;
}

/** The cost of all rows from an empty table, and the size and state of the index after it. */
export interface Load extends Next {
  indexBytes: number;
  tableBytes: number;
  /** Fill of the leaf pages of the index. Per cent. */
  leafFull: number;
  /** Leaf pages that are not behind their neighbour on disk. Per cent. */
  leafAstray: number;
}

/** One measurement of one version of ids. */
export interface Visit {
  sharedBuffers: string;
  version: 'v4' | 'v7';
  load: Load;
  next: Next;
}

export interface Result {
  rows: number;
  batchRows: number;
  machine: { cores: number; cpu: string; node: string };
  visits: Visit[];
}

type Row = [what: string, of: (visit: Visit) => number, format: (value: number) => string];

const MIB = 2 ** 20;
const mib = (bytes: number) => `${(bytes / MIB).toFixed(1)} MiB`;
const whole = (value: number) => Math.round(value).toLocaleString('en');
const percent = (value: number) => `${value.toFixed(0)} %`;

/** The report, as lines of at most 100 columns: a table for each size of the buffers. */
export function toLines(result: Result): string[] {
  const { machine, rows, batchRows, visits } = result;
  const sizes = [...new Set(visits.map(({ sharedBuffers }) => sharedBuffers))];
  return [
    `${whole(rows)} rows, ${whole(batchRows)} to a commit, one connection; mean of two visits each`,
    `${machine.cores} cores, ${machine.cpu}, Node ${machine.node}`,
    ...sizes.flatMap((size) => [
      '',
      ...tableOf(
        size,
        visits.filter(({ sharedBuffers }) => sharedBuffers === size),
      ),
    ]),
  ];
}

function tableOf(size: string, visits: Visit[]): string[] {
  const next = whole(visits[0]?.next.rows ?? 0);
  const table: Row[] = [
    ['from empty: rows/s', ({ load }) => load.rowsPerSecond, whole],
    ['  WAL', ({ load }) => load.walBytes, mib],
    ['  index', ({ load }) => load.indexBytes, mib],
    ['  its leaves are full', ({ load }) => load.leafFull, percent],
    ['  and out of order on disk', ({ load }) => load.leafAstray, percent],
    ['  pages of it read in', ({ load }) => load.readBlocks, whole],
    [`the next ${next}: rows/s`, (visit) => visit.next.rowsPerSecond, whole],
    ['  WAL', (visit) => visit.next.walBytes, mib],
    ['  pages logged whole', (visit) => visit.next.fullPages, whole],
    ['  pages of the index read in', (visit) => visit.next.readBlocks, whole],
  ];
  return [
    headline(size, visits),
    line('', 'v4', 'v7', 'v4 : v7', 'slowest..fastest of each'),
    ...table.map(([what, of, format]) => compare(what, visits, of, format)),
  ];
}

/** Says whether table and index fit into memory: if they do, only the WAL shows a difference. */
function headline(size: string, visits: Visit[]): string {
  const wanted = Math.max(...visits.map(({ load }) => load.indexBytes + load.tableBytes));
  const fits = bytesOf(size) > wanted;
  const says = fits
    ? 'table and index fit: only WAL and page splits tell the versions apart'
    : `table and index do not fit (${mib(wanted)}): as it is with a big table`;
  return `shared_buffers ${size}: ${says}`;
}

function bytesOf(size: string): number {
  return Number.parseInt(size, 10) * (size.endsWith('GB') ? 1_024 * MIB : MIB);
}

function compare(
  what: string,
  visits: Visit[],
  of: (visit: Visit) => number,
  format: (value: number) => string,
): string {
  const valuesOf = (wanted: Visit['version']) =>
    visits.filter(({ version }) => version === wanted).map(of);
  const [v4, v7] = [valuesOf('v4'), valuesOf('v7')];
  const ratio = mean(v7) === 0 ? '-' : ratioOf(mean(v4) / mean(v7));
  // Sizes are the same in each visit; only times have a spread.
  const range = [v4, v7].map((all) => [Math.min(...all), Math.max(...all)].map(format).join('..'));
  const spread = what.endsWith('rows/s') ? range.join(', ') : '';
  return line(what, format(mean(v4)), format(mean(v7)), ratio, spread);
}

function ratioOf(value: number): string {
  return value < 100 ? value.toFixed(2) : whole(value);
}

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function line(what: string, v4: string, v7: string, ratio: string, range: string): string {
  const cells = [what.padEnd(30), ...[v4, v7, ratio].map((cell) => cell.padStart(10))];
  return `${cells.join(' ')}  ${range}`.trimEnd();
}
