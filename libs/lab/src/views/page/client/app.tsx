import { useMemo, useState } from 'preact/hooks';
import { ofOrder } from '../of-order.ts';
import type { Place } from '../page-address.ts';
import type { ReportData } from '../report-data.ts';
import { Contents } from './contents.tsx';
import { Databases } from './databases.tsx';
import { Checks, Comparison, Faults, LeftOut } from './findings.tsx';
import { Head } from './head.tsx';
import { Intervals } from './intervals.tsx';
import { Messages } from './messages.tsx';
import { Sequence } from './sequence.tsx';
import { StepBar } from './step-bar.tsx';
import { Story } from './story.tsx';
import { TwoRuns } from './two-runs.tsx';
import { reachable, usePlace } from './use-place.ts';
import { usePrinting } from './use-printing.ts';
import { type View, ViewContext } from './view.ts';
import { Waterfall } from './waterfall.tsx';

export type Runs = readonly [ReportData] | readonly [ReportData, ReportData];

/** The whole page. */
export function App({ runs }: { runs: Runs }) {
  const [place, go] = usePlace(runs);
  const [left, right] = runs;
  const data = (place.run === 1 ? right : left) ?? left;
  const view = useRunView(data, place, go);
  return (
    <ViewContext.Provider value={view}>
      <header class="page-head">
        <p class="brand">In Doubt</p>
        {right === undefined ? (
          <Head data={left} level={1} />
        ) : (
          <TwoRuns left={left} right={right} place={place} go={go} />
        )}
      </header>
      <nav aria-label="Contents">
        <Contents key={place.run} />
      </nav>
      <main>
        <StepBar />
        <Parts key={place.run} />
      </main>
    </ViewContext.Provider>
  );
}

function Parts() {
  return (
    <>
      <Story />
      <Sequence />
      <Waterfall />
      <Databases />
      <Messages />
      <Intervals />
      <Faults />
      <Checks />
      <Comparison />
      <LeftOut />
    </>
  );
}

function useRunView(data: ReportData, place: Place, go: (next: Place) => void): View {
  const [span, setSpan] = useState<string | null>(null);
  const [withDetails, setDetails] = useState(false);
  const isPrinting = usePrinting();
  const shown = useMemo(() => ofOrder(data, place.order), [data, place.order]);
  const selected = useMemo(
    () => data.events.find(({ id }) => id === place.event) ?? null,
    [data, place.event],
  );
  const listed = useMemo(
    () => shown.events.filter((event) => withDetails || !event.isDetail || event === selected),
    [shown, withDetails, selected],
  );
  const select = (id: number) => {
    const event = data.events.find((each) => each.id === id);
    if (event === undefined) return;
    setSpan(null);
    go({ ...place, event: id, order: reachable(place.order, event.order) });
  };
  const selectSpan = (spanId: string) => {
    const event = data.spans.find((each) => each.spanId === spanId)?.events[0];
    if (event !== undefined) select(event);
    setSpan(span === spanId ? null : spanId);
  };
  const chooseOrder = (label: string | null) => {
    const stays = selected === null || selected.order === null || label === null;
    setSpan(null);
    go({ ...place, order: label, event: stays || selected.order === label ? place.event : null });
  };
  const state = { data, shown, listed, place, selected, span, isPrinting, withDetails };
  return { ...state, select, selectSpan, chooseOrder, setDetails };
}
