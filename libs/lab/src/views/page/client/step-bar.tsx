import { formatAt } from '../format-ms.ts';
import { Icon } from './icon.tsx';
import { MARK_WORDS } from './mark-words.ts';
import { OrderChooser } from './order-chooser.tsx';
import { useView } from './view.ts';

/** Steps through the run from event to event. It stays visible and moves all views at once. */
export function StepBar() {
  const { listed: events, selected, select } = useView();
  const at = selected === null ? -1 : events.findIndex(({ id }) => id === selected.id);
  const go = (index: number) => {
    const event = events[Math.max(0, Math.min(index, events.length - 1))];
    if (event !== undefined) select(event.id);
  };
  return (
    <div class="step-bar" role="group" aria-label="Step through the run">
      <OrderChooser />
      <div class="stepper">
        <button type="button" disabled={at <= 0} onClick={() => go(at - 1)} aria-label="Back">
          <span aria-hidden="true">&#x2190;</span>
        </button>
        <input
          type="range"
          aria-label="Event"
          aria-valuetext={selected === null ? 'none selected' : selected.text}
          min={0}
          max={Math.max(0, events.length - 1)}
          value={Math.max(0, at)}
          onInput={({ currentTarget }) => go(Number(currentTarget.value))}
        />
        <button
          type="button"
          disabled={at >= events.length - 1}
          onClick={() => go(at + 1)}
          aria-label="Forward"
        >
          <span aria-hidden="true">&#x2192;</span>
        </button>
      </div>
      <p class="now" role="status">
        {selected === null ? (
          'Step through the run, or select an event anywhere.'
        ) : (
          <>
            <span class="when">{formatAt(selected.atMs)}</span>
            <Icon shape={selected.mark} word={MARK_WORDS[selected.mark]} />
            <b>{selected.process}</b> {selected.text}
          </>
        )}
      </p>
    </div>
  );
}
