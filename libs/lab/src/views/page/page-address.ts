/** Where the reader is: what is chosen, and so what the hash of the page's address keeps. */
export interface Place {
  /** 0, or 1 for the second of two runs. */
  run: number;
  /** Label of the chosen order; null: all of them. */
  order: string | null;
  /** Id of the selected event. */
  event: number | null;
}

/**
 * Reads `#event=12&order=A&run=1`, as far as it makes sense: an address is typed by hand, too.
 * @returns what it says; `order` is absent when it says nothing of one
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

/** The hash that leads here again. */
export function formatPlace({ run, order, event }: Place): string {
  const says = new URLSearchParams();
  if (event !== null) says.set('event', String(event));
  says.set('order', order ?? 'all');
  if (run > 0) says.set('run', String(run + 1));
  return `#${says.toString()}`;
}
