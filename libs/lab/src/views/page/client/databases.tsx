import { useMemo, useState } from 'preact/hooks';
import type { ReportDatabase } from '../report-data.ts';
import type { Moment } from '../rows-at.ts';
import { RowsTable } from './rows-table.tsx';
import { Section } from './section.tsx';
import { useView } from './view.ts';

type When = 'before' | 'at' | 'after';

const WHENS: Record<When, string> = {
  before: 'before',
  at: 'at the selected event',
  after: 'after',
};

/** The rows of every database before the run, at the selected event, and after it. */
export function Databases() {
  const { data, selected, isPrinting } = useView();
  const [when, setWhen] = useState<When>('at');
  const positionOf = useMemo(
    () => new Map(data.events.map(({ id }, position) => [id, position])),
    [data],
  );
  const moments: { moment: Moment; says: string }[] = isPrinting
    ? [
        { moment: 'before', says: 'before' },
        { moment: 'after', says: 'after' },
      ]
    : [momentOf(when, selected)];
  return (
    <Section
      id="rows"
      title="The rows"
      lead="The rows of the databases. Marked: changes in the run and at the selected event."
    >
      <fieldset class="segments">
        <legend>Rows</legend>
        {(['before', 'at', 'after'] as const).map((each) => (
          <button
            type="button"
            key={each}
            aria-pressed={when === each}
            onClick={() => setWhen(each)}
          >
            {WHENS[each]}
          </button>
        ))}
      </fieldset>
      {data.databases.map((database) => (
        <Database key={database.owner} {...{ database, moments, positionOf }} />
      ))}
    </Section>
  );
}

function momentOf(when: When, selected: ReturnType<typeof useView>['selected']) {
  if (when === 'before') return { moment: 'before' as const, says: 'before the run' };
  if (when === 'after') return { moment: 'after' as const, says: 'after the run' };
  if (selected !== null) return { moment: selected, says: 'at the selected event' };
  return { moment: 'after' as const, says: 'after the run (no event is selected)' };
}

function Database(props: {
  database: ReportDatabase;
  moments: { moment: Moment; says: string }[];
  positionOf: ReadonlyMap<number, number>;
}) {
  const { owner, tables } = props.database;
  const [withSame, setWithSame] = useState(false);
  const changing = tables.filter(({ changes }) => changes.length > 0);
  const shown = withSame ? tables : changing;
  const quiet = tables.filter((table) => !changing.includes(table)).map(({ name }) => name);
  return (
    <div class="database">
      <h3>{owner}</h3>
      {shown.flatMap((table) =>
        props.moments.map(({ moment, says }) => (
          <RowsTable
            key={`${table.name} ${says}`}
            {...{ owner, table, moment, says, positionOf: props.positionOf }}
          />
        )),
      )}
      {quiet.length > 0 && (
        <label class="tick">
          <input
            type="checkbox"
            checked={withSame}
            onChange={({ currentTarget }) => setWithSame(currentTarget.checked)}
          />
          tables without a change: {quiet.join(', ')}
        </label>
      )}
    </div>
  );
}
