import { Failure } from '@indoubt/failure';
import type { BookedCharge } from './charge.ts';

export interface Page {
  /** Id of the last charge of the previous page. */
  cursor?: string | undefined;
  limit: number;
  reference?: string | undefined;
  status?: BookedCharge['status'] | undefined;
}

/** Charges in the order of their creation. */
export interface ChargeList {
  /** Adds a charge, or replaces the charge with the same id in its place. */
  put(charge: BookedCharge): void;
  /** @throws Failure 'not-found' (definite) */
  find(id: string): BookedCharge;
  /**
   * A page of charges, oldest first.
   * @throws Failure 'invalid-request' (definite) when the cursor is unknown
   */
  page(wanted: Page): { items: BookedCharge[]; next: string | null };
}

/**
 * The cost of a page depends on its length: it starts at the cursor and ends when it is full. The
 * frequent filters (an order, the status HELD) have their own indexes.
 */
export function createChargeList(): ChargeList {
  const all: BookedCharge[] = [];
  const placeOf = new Map<string, number>();
  const ofReference = new Map<string, Set<number>>();
  /** In the order of creation as well, since only a new charge becomes HELD. */
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
  throw new Failure('invalid-request', 'The cursor is unknown: start again without a cursor.');
}

function* placesFrom(start: number, end: number): Generator<number> {
  for (let place = start; place < end; place += 1) yield place;
}
