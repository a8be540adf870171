import { Failure } from '@indoubt/failure';
import type { BookedCharge } from './charge.ts';

export interface Page {
  /** The last charge of the page before. */
  cursor?: string | undefined;
  limit: number;
  reference?: string | undefined;
  status?: BookedCharge['status'] | undefined;
}

/** Charges in the order in which they came, whatever has become of them since. */
export interface ChargeList {
  /** Adds a charge, or changes the one of this id in its place. */
  put(charge: BookedCharge): void;
  /** @throws Failure 'not-found' (definite) */
  find(id: string): BookedCharge;
  /**
   * Oldest first.
   * @throws Failure 'invalid-request' (definite) when the cursor is no charge
   */
  page(wanted: Page): { items: BookedCharge[]; next: string | null };
}

/**
 * A page costs what is on it: it begins at its cursor and ends when it is full. What is asked for
 * all the time (the charges of an order, and what is held) is found without looking at the rest.
 */
export function createChargeList(): ChargeList {
  const all: BookedCharge[] = [];
  const placeOf = new Map<string, number>();
  const ofReference = new Map<string, Set<number>>();
  /** In their order as well: a charge is held from its beginning, or never. */
  const held = new Set<number>();

  const add = ({ id, reference }: BookedCharge) => {
    const place = all.length;
    placeOf.set(id, place);
    const places = ofReference.get(reference) ?? new Set();
    ofReference.set(reference, places.add(place));
    return place;
  };
  const candidates = (start: number, { reference, status }: Page): Iterable<number> => {
    if (reference !== undefined) return ofReference.get(reference) ?? [];
    return status === 'HELD' ? held : placesFrom(start, all.length);
  };
  return {
    put(charge) {
      const place = placeOf.get(charge.id) ?? add(charge);
      all[place] = charge;
      if (charge.status === 'HELD') held.add(place);
      else held.delete(place);
    },
    find(id) {
      const charge = all[placeOf.get(id) ?? -1];
      if (charge === undefined) throw new Failure('not-found', 'There is no such charge.');
      return charge;
    },
    page(wanted) {
      const { limit, status } = wanted;
      const start = startOf(placeOf, wanted);
      const items: BookedCharge[] = [];
      for (const place of candidates(start, wanted)) {
        const charge = all[place];
        if (charge === undefined || place < start) continue;
        if (status !== undefined && charge.status !== status) continue;
        if (items.length === limit) return { items, next: items.at(-1)?.id ?? null };
        items.push(charge);
      }
      return { items, next: null };
    },
  };
}

function startOf(placeOf: ReadonlyMap<string, number>, { cursor }: Page): number {
  if (cursor === undefined) return 0;
  const place = placeOf.get(cursor);
  if (place !== undefined) return place + 1;
  throw new Failure('invalid-request', 'The cursor is none of ours: begin without one.');
}

function* placesFrom(start: number, end: number): Generator<number> {
  for (let place = start; place < end; place += 1) yield place;
}
