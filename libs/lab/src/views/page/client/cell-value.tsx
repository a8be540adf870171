import type { Row } from '../../../evidence/rows/row.ts';

const COLUMNS_MAX = 44;
const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const INSTANT = /^\d{4}-\d\d-\d\dT(\d\d:\d\d:\d\d)(\.\d{1,3})?\d*(Z|[+-]\d\d:?\d\d)$/;

/** A shortened value of a row: the end of an id, the clock time. Its title is the whole value. */
export function CellValue({ value }: { value: Row[string] | undefined }) {
  if (value === null || value === undefined) return <span class="null">null</span>;
  const text = String(value);
  const ids = text.replaceAll(UUID, (id) => `\u2026${id.slice(-6)}`);
  const clock = ids.replace(INSTANT, '$1$2');
  const short = clock.length > COLUMNS_MAX ? `${clock.slice(0, COLUMNS_MAX - 1)}\u2026` : clock;
  return short === text ? <>{text}</> : <span title={text}>{short}</span>;
}
