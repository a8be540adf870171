import { useMemo } from 'preact/hooks';
import { formatAt } from '../format-ms.ts';
import type { ReportEvent } from '../report-data.ts';
import { Icon } from './icon.tsx';
import { MARK_WORDS } from './mark-words.ts';
import { More } from './more.tsx';
import { Section } from './section.tsx';
import { useSelectionBox } from './use-selection.ts';
import { useWindow } from './use-window.ts';
import { useView } from './view.ts';

const EVENTS_AT_ONCE = 150;

/** The sentences of the run, in the order of time. */
export function Story() {
  const { shown, listed: events, place, select, isPrinting, withDetails, setDetails } = useView();
  const ids = useMemo(() => events.map(({ id }) => id), [events]);
  const { box, onKeyDown } = useSelectionBox(ids, place.event, select);
  const at = place.event === null ? -1 : ids.indexOf(place.event);
  const stretch = useWindow(events, at, EVENTS_AT_ONCE, isPrinting);
  const details = shown.events.filter(({ isDetail }) => isDetail).length;
  return (
    <Section id="story" title="The story in words">
      {details > 0 && (
        <label class="tick">
          <input
            type="checkbox"
            checked={withDetails}
            onChange={({ currentTarget }) => setDetails(currentTarget.checked)}
          />
          with {details} details
        </label>
      )}
      <div class="box story" ref={box} onKeyDown={onKeyDown}>
        <More count={stretch.before} what="earlier" onClick={stretch.showBefore} />
        <ol>
          {stretch.items.map((event, index) => (
            <li key={event.id}>
              <StoryEvent event={event} isEntry={at < 0 ? index === 0 : event.id === place.event} />
            </li>
          ))}
        </ol>
        <More count={stretch.after} what="later" onClick={stretch.showAfter} />
      </div>
    </Section>
  );
}

/** @param isEntry  whether the tab key focuses this event */
function StoryEvent({ event, isEntry }: { event: ReportEvent; isEntry: boolean }) {
  const { place, select, data } = useView();
  const isSelected = event.id === place.event;
  return (
    <button
      type="button"
      class={`event is-${event.mark}${event.isDetail ? ' is-detail' : ''}`}
      data-event={event.id}
      data-item={event.id}
      tabIndex={isEntry ? 0 : -1}
      aria-current={isSelected ? 'step' : undefined}
      onClick={() => select(event.id)}
    >
      <span class="when">{formatAt(event.atMs)}</span>
      <Icon shape={event.mark} word={MARK_WORDS[event.mark]} />
      <b class="who">{event.process}</b>
      <span class="what">{event.text}</span>
      {data.orders.length > 1 && <span class="order-label">{event.order ?? ''}</span>}
    </button>
  );
}
