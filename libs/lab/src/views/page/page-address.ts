/** What the reader has chosen. The hash of the page's address stores it. */
export interface Place {
  /** Index of the run: 0, or 1 for the second of two. */
  run: number;
  /** Label of the chosen order; null: all of them. */
  order: string | null;
  /** Id of the selected event. */
  event: number | null;
}

/**
 * Reads `#event=12&order=A&run=1`. Ignores invalid parts, because readers also type addresses.
 * @returns the choices; `order` is absent when the hash names no order
 */
export function parsePlace(hash: string): { run: number; event: number | null; order?: string } {
  const said = new URLSearchParams(hash.replace(/^#/, ''));
  const event = said.get('event');
  const order = said.get('order');
  return {
    run: said.get('run') === '2' ? 1 : 0,
    event: event !== null && /^\d{1,9}$/.test(event) ? Number(event) : null,
    ...(order === null ? {} : { order }),
  };
}

/** The hash that stores these choices. */
export function formatPlace({ run, order, event }: Place): string {
  const says = new URLSearchParams();
  if (event !== null) says.set('event', String(event));
  says.set('order', order ?? 'all');
  if (run > 0) says.set('run', String(run + 1));
  return `#${says.toString()}`;
}
