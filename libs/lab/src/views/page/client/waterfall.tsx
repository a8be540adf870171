import { useMemo } from 'preact/hooks';
import { formatAt, formatMs } from '../format-ms.ts';
import { layoutWaterfalls, type WaterfallLayout } from '../waterfall-layout.ts';
import { More } from './more.tsx';
import { Section } from './section.tsx';
import { SpanRow } from './span-row.tsx';
import { Unfolding } from './unfolding.tsx';
import { useWindow } from './use-window.ts';
import { useView } from './view.ts';

const TRACES_AT_ONCE = 20;
const SPANS_AT_ONCE = 120;
/** Beyond this share of the width there is no room for the label of a tick. */
const LAST_TICK = 0.93;

/** The spans of each trace as bars over time. */
export function Waterfall() {
  const { data, shown, selected, isPrinting } = useView();
  const labels = useMemo(
    () => new Map(data.orders.map(({ traceId, label }) => [traceId, label])),
    [data],
  );
  const layouts = useMemo(() => {
    const isOfNone = ({ traceId }: WaterfallLayout) => Number(!labels.has(traceId));
    const all = layoutWaterfalls(shown.spans, shown.events);
    return all.toSorted((a, b) => isOfNone(a) - isOfNone(b));
  }, [shown, labels]);
  const at = layouts.findIndex(({ traceId }) => traceId === selected?.traceId);
  const stretch = useWindow(layouts, at, TRACES_AT_ONCE, isPrinting);
  return (
    <Section
      id="waterfall"
      title="The traces"
      lead="The duration of each span, its parent span, and its waits."
    >
      {layouts.length === 0 && <p>No spans were recorded.</p>}
      <More count={stretch.before} what="earlier" onClick={stretch.showBefore} />
      {stretch.items.map((layout, index) => (
        <Unfolding
          key={layout.traceId}
          isOpen={isPrinting || (at < 0 ? index === 0 : layout === layouts[at])}
          summary={<Summary layout={layout} label={labels.get(layout.traceId)} />}
        >
          <Trace layout={layout} />
        </Unfolding>
      ))}
      <More count={stretch.after} what="later" onClick={stretch.showAfter} />
    </Section>
  );
}

function Summary({ layout, label }: { layout: WaterfallLayout; label: string | undefined }) {
  const { rows, fromMs, untilMs, traceId } = layout;
  const spans = rows.length === 1 ? '1 span' : `${rows.length} spans`;
  return (
    <>
      <b>{label === undefined ? 'No order' : `Order ${label}`}</b>{' '}
      {`${spans} in ${formatMs(untilMs - fromMs)}, trace `}
      <code class="trace-id">{traceId}</code>
    </>
  );
}

function Trace({ layout }: { layout: WaterfallLayout }) {
  const { span, selected, isPrinting } = useView();
  const chosen = span ?? selected?.spanId;
  const at = layout.rows.findIndex((row) => row.span.spanId === chosen);
  const stretch = useWindow(layout.rows, at, SPANS_AT_ONCE, isPrinting);
  return (
    <div class="trace">
      <div class="axis" aria-hidden="true">
        {layout.ticks.map(({ atMs, share }) => (
          <span key={atMs} style={{ left: `${share * 100}%` }}>
            {share < LAST_TICK && formatAt(atMs)}
          </span>
        ))}
      </div>
      <More count={stretch.before} what="earlier" onClick={stretch.showBefore} />
      <ol>
        {stretch.items.map((row) => (
          <SpanRow key={row.span.spanId} row={row} isChosen={row.span.spanId === chosen} />
        ))}
      </ol>
      <More count={stretch.after} what="later" onClick={stretch.showAfter} />
    </div>
  );
}
