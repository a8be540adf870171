import type { RequestCardCharge } from '@indoubt/contracts';
import { v7 } from 'uuid';
import {
  type BookedCharge,
  bookedCharge,
  capture,
  checkSame,
  newCharge,
  release,
} from './charge.ts';
import { createChargeList, type Page } from './charge-list.ts';
import type { Journal } from './journal.ts';

/** The books of the card processor: one charge for each key. */
export interface Books {
  /**
   * The charge of this key, new or existing.
   * @throws Failure 'idempotency-key-reused' (definite)
   */
  charge(key: string, request: RequestCardCharge): Promise<BookedCharge>;
  /** Idempotent: a repeated capture or release returns the charge unchanged. */
  capture(id: string): Promise<BookedCharge>;
  release(id: string): Promise<BookedCharge>;
  /** @throws Failure 'not-found' (definite) */
  find(id: string): BookedCharge;
  /** Oldest first. */
  page(wanted: Page): { items: BookedCharge[]; next: string | null };
}

/** Books stored in a journal: a change is visible once its line is on disk. */
export function openBooks(journal: Journal): Books {
  const list = createChargeList();
  const idOf = new Map<string, string>();
  const remember = (charge: BookedCharge) => {
    list.put(charge);
    idOf.set(charge.key, charge.id);
    return charge;
  };
  for (const line of journal.lines) remember(bookedCharge.parse(line));

  // Changes run one at a time, and each reads only what is on disk. So two simultaneous requests
  // with one key get one charge, and an attempt that dies before it writes its line leaves nothing.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  };
  const write = async (charge: BookedCharge) => {
    await journal.append(charge);
    return remember(charge);
  };
  const { find, page } = list;
  const change = (id: string, to: typeof capture) =>
    inTurn(async () => {
      const changed = to(find(id), new Date());
      return changed === undefined ? find(id) : write(changed);
    });
  return {
    charge: (key, request) =>
      inTurn(async () => {
        const id = idOf.get(key);
        if (id === undefined) return write(newCharge(request, { id: v7(), key, now: new Date() }));
        checkSame(find(id), request);
        return find(id);
      }),
    capture: (id) => change(id, capture),
    release: (id) => change(id, release),
    find,
    page,
  };
}
