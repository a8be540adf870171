import { useMemo } from 'preact/hooks';
import { align } from '../alignment.ts';
import { formatAt } from '../format-ms.ts';
import type { Place } from '../page-address.ts';
import type { ReportData, ReportEvent } from '../report-data.ts';
import { Head } from './head.tsx';
import { Icon } from './icon.tsx';
import { MARK_WORDS } from './mark-words.ts';
import { More } from './more.tsx';
import { firstOrder } from './use-place.ts';
import { useSelectionBox } from './use-selection.ts';
import { useWindow } from './use-window.ts';
import { useView } from './view.ts';

const ROWS_AT_ONCE = 150;

interface Props {
  left: ReportData;
  right: ReportData;
  place: Place;
  go(next: Place): void;
}

/** Two runs side by side: their heads, and their aligned stories. */
export function TwoRuns(props: Props) {
  const { left, right, place, go } = props;
  return (
    <>
      <h1 class="unseen">
        {left.scenario} beside {right.scenario}
      </h1>
      <div class="two">
        <Head data={left} level={2} />
        <Head data={right} level={2} />
      </div>
      <AlignedStory {...props} />
      <fieldset class="segments of-runs">
        <legend>Everything else shows</legend>
        {[left, right].map((data, run) => (
          <button
            type="button"
            key={run}
            aria-pressed={place.run === run}
            onClick={() => go({ run, order: firstOrder(data), event: null })}
          >
            {run + 1}. {data.scenario} ({data.coordination})
          </button>
        ))}
      </fieldset>
    </>
  );
}

/** Similar events are in one row; an event of only one run leaves a gap in the other run. */
function AlignedStory({ left, right, place, go }: Props) {
  const { isPrinting } = useView();
  const rows = useMemo(() => align(left, right), [left, right]);
  const [events, others] = useMemo(() => [byId(left), byId(right)], [left, right]);
  const side = place.run === 0 ? 'left' : 'right';
  const ids = useMemo(() => rows.flatMap((row) => row[side] ?? []), [rows, side]);
  const at = rows.findIndex((row) => row[side] !== null && row[side] === place.event);
  const stretch = useWindow(rows, at, ROWS_AT_ONCE, isPrinting);
  const select = (event: number) => go({ ...place, event });
  const { box, onKeyDown } = useSelectionBox(ids, place.event, select);
  return (
    <section class="part" aria-labelledby="aligned-title">
      <h2 id="aligned-title">Step by step</h2>
      <div class="box aligned" ref={box} onKeyDown={onKeyDown}>
        <More count={stretch.before} what="earlier" onClick={stretch.showBefore} />
        <table>
          <caption class="unseen">The two stories, step by step</caption>
          <thead>
            <tr>
              <th scope="col">1. {left.scenario}</th>
              <th scope="col">2. {right.scenario}</th>
            </tr>
          </thead>
          <tbody>
            {stretch.items.map((row) => (
              <tr key={`${row.left} ${row.right}`}>
                <AlignedCell event={events.get(row.left ?? -1)} run={0} {...{ place, go, ids }} />
                <AlignedCell event={others.get(row.right ?? -1)} run={1} {...{ place, go, ids }} />
              </tr>
            ))}
          </tbody>
        </table>
        <More count={stretch.after} what="later" onClick={stretch.showAfter} />
      </div>
    </section>
  );
}

function byId({ events }: ReportData): Map<number, ReportEvent> {
  return new Map(events.map((event) => [event.id, event]));
}

function AlignedCell(props: {
  event: ReportEvent | undefined;
  run: number;
  place: Place;
  go(next: Place): void;
  /** The events of the chosen run. */
  ids: readonly number[];
}) {
  const { event, run, place, go, ids } = props;
  if (event === undefined) return <td class="is-gap" />;
  const isOfRun = place.run === run;
  const isSelected = isOfRun && place.event === event.id;
  const isFirst = isOfRun && ids[0] === event.id && !ids.includes(place.event ?? -1);
  const order = isOfRun && place.order === null ? null : event.order;
  return (
    <td>
      <button
        type="button"
        class={`event is-${event.mark}`}
        data-item={isOfRun ? event.id : undefined}
        tabIndex={isSelected || isFirst ? 0 : -1}
        aria-current={isSelected ? 'step' : undefined}
        onClick={() => go({ run, order, event: event.id })}
      >
        <span class="when">{formatAt(event.atMs)}</span>
        <Icon shape={event.mark} word={MARK_WORDS[event.mark]} />
        <b class="who">{event.process}</b>
        <span class="what">{event.text}</span>
      </button>
    </td>
  );
}
