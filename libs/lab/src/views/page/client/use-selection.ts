import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** The id that a navigation key of a list leads to; undefined for other keys. */
function stepFor(key: string, ids: readonly number[], from: number): number | undefined {
  const at = ids.indexOf(from);
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return ids[Math.min(at + 1, ids.length - 1)];
    case 'ArrowUp':
    case 'ArrowLeft':
      return ids[Math.max(at - 1, 0)];
    case 'Home':
      return ids[0];
    case 'End':
      return ids.at(-1);
    default:
      return undefined;
  }
}

/**
 * A box whose items have `data-item`: arrow keys select the next item, and the selected item is
 * visible within the box. Only the box scrolls, never the page, so that the reader keeps the place.
 * @param ids  of the items that can be selected, in their order
 */
export function useSelectionBox(
  ids: readonly number[],
  selected: number | null,
  select: (id: number) => void,
): { box: RefObject<HTMLDivElement | null>; onKeyDown(event: KeyboardEvent): void } {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const item = box.current?.querySelector(`[data-item="${selected ?? ''}"]`);
    if (!box.current || !item) return;
    if (box.current.contains(document.activeElement) && isItem(document.activeElement)) {
      (item as HTMLElement | SVGElement).focus({ preventScroll: true });
    }
    bringIntoSight(box.current, item);
  }, [selected, ids]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !isItem(event.target)) return;
    const next = stepFor(event.key, ids, selected ?? -1);
    if (next === undefined) return;
    event.preventDefault();
    select(next);
  };
  return { box, onKeyDown };
}

function isItem(target: unknown): boolean {
  return target instanceof Element && target.closest('[data-item]') !== null;
}

function bringIntoSight(box: Element, item: Element): void {
  const outer = box.getBoundingClientRect();
  const inner = item.getBoundingClientRect();
  const isInSight = inner.top >= outer.top + 48 && inner.bottom <= outer.bottom - 12;
  if (isInSight || box.scrollHeight <= box.clientHeight) return;
  box.scrollTop += inner.top - outer.top - (outer.height - inner.height) / 2;
}
