import { formatAt } from '../format-ms.ts';
import { useView } from './view.ts';

/** A moment of the run that selects its event when pressed; only text when it has no event. */
export function EventLink({ event, atMs }: { event: number | null; atMs?: number }) {
  const { data, place, select } = useView();
  const found = event === null ? undefined : data.events.find(({ id }) => id === event);
  const at = atMs ?? found?.atMs;
  const text = at === undefined ? 'event' : formatAt(at);
  if (found === undefined) return <span class="when">{at === undefined ? '' : text}</span>;
  return (
    <button
      type="button"
      class="link when"
      aria-current={place.event === event ? 'step' : undefined}
      title={`${found.process} ${found.text}`}
      onClick={() => select(found.id)}
    >
      {text}
    </button>
  );
}
