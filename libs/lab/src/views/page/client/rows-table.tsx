import { useState } from 'preact/hooks';
import type { ReportTable } from '../report-data.ts';
import { type Moment, rowsAt, type ShownRow } from '../rows-at.ts';
import { CellValue } from './cell-value.tsx';
import { Scroller } from './section.tsx';
import { useView } from './view.ts';

const ROWS_AT_ONCE = 12;
const STATES: Record<ShownRow['state'], string> = {
  same: '',
  added: '+ new',
  changed: '\u00b1 changed',
  removed: '\u2212 gone',
};

/** One table at one moment: all rows, or the rows of the chosen order and the shared rows. */
export function RowsTable(props: {
  owner: string;
  table: ReportTable;
  moment: Moment;
  says: string;
  positionOf: ReadonlyMap<number, number>;
}) {
  const { place, isPrinting } = useView();
  const { table, moment, owner } = props;
  const [isLong, setLong] = useState(false);
  const all = rowsAt(table, moment, props.positionOf);
  const rows = all.filter((row) => concerns(row, place.order));
  const shown = isLong || isPrinting ? rows : rows.slice(0, ROWS_AT_ONCE);
  if (rows.length === 0) {
    return (
      <p class="no-rows">
        <b>{table.name}</b> {props.says}: no row
      </p>
    );
  }
  const name = `${owner}.${table.name} ${props.says}`;
  return (
    <Scroller label={name}>
      <table class="rows">
        <caption>
          <b>{table.name}</b> {props.says}: {rows.length} {rows.length === 1 ? 'row' : 'rows'}
        </caption>
        <Columns columns={table.columns} />
        <tbody>
          {shown.map((row) => (
            <TableRow key={row.key} row={row} columns={table.columns} />
          ))}
        </tbody>
      </table>
      {shown.length < rows.length && (
        <button type="button" class="more" onClick={() => setLong(true)}>
          {rows.length - shown.length} more rows: show them
        </button>
      )}
    </Scroller>
  );
}

function Columns({ columns }: { columns: string[] }) {
  return (
    <thead>
      <tr>
        <th scope="col">
          <span class="unseen">change</span>
        </th>
        {columns.map((column) => (
          <th scope="col" key={column}>
            {column}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function TableRow({ row, columns }: { row: ShownRow; columns: string[] }) {
  return (
    <tr class={`is-${row.state}${row.isNow ? ' is-now' : ''}`}>
      <td class="state">
        {STATES[row.state]}
        {row.isNow && <b> now</b>}
      </td>
      {columns.map((column) => {
        const isChanged = row.columns.includes(column);
        return (
          <td key={column} class={isChanged ? 'is-changed' : undefined}>
            {isChanged ? (
              <>
                <del>
                  <CellValue value={row.was?.[column] ?? null} />
                </del>{' '}
                <ins>
                  <CellValue value={row.row[column] ?? null} />
                </ins>
              </>
            ) : (
              <CellValue value={row.row[column] ?? null} />
            )}
          </td>
        );
      })}
    </tr>
  );
}

function concerns({ orders, isOld }: ShownRow, chosen: string | null): boolean {
  return chosen === null || isOld || orders.includes(null) || orders.includes(chosen);
}
