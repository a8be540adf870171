import type { RequestCardCharge } from '@indoubt/contracts';
import { Failure } from '@indoubt/failure';
import { v7 } from 'uuid';
import {
  type BookedCharge,
  bookedCharge,
  capture,
  checkSame,
  newCharge,
  release,
} from './charge.ts';
import type { Journal } from './journal.ts';

/** The books of the card processor: one charge for each key. */
export interface Books {
  /** The charge of this key: a new one, or the one that is there, as it is now. */
  charge(key: string, request: RequestCardCharge): Promise<BookedCharge>;
  /** Idempotent by nature: what is done already is answered as done. */
  capture(id: string): Promise<BookedCharge>;
  release(id: string): Promise<BookedCharge>;
  /** @throws Failure 'not-found' (definite) */
  find(id: string): BookedCharge;
  /** Oldest first. */
  page(wanted: Page): { items: BookedCharge[]; next: string | null };
}

export interface Page {
  /** The last charge of the page before. */
  cursor?: string | undefined;
  limit: number;
  reference?: string | undefined;
  status?: BookedCharge['status'] | undefined;
}

/** Books from a journal, and into it: a change counts once its line is on disk. */
export function openBooks(journal: Journal): Books {
  const byId = new Map<string, BookedCharge>();
  const idOf = new Map<string, string>();
  const remember = (charge: BookedCharge) => {
    byId.set(charge.id, charge); // where a charge was first stays its place
    idOf.set(charge.key, charge.id);
    return charge;
  };
  for (const line of journal.lines) remember(bookedCharge.parse(line));

  // Changes take turns: what one of them looks at is on disk. So two requests at once with one key
  // are one charge, and an attempt that dies before its line has left nothing.
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
  const find = (id: string) => {
    const charge = byId.get(id);
    if (charge === undefined) throw new Failure('not-found', 'There is no such charge.');
    return charge;
  };
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
    page: (wanted) => pageOf([...byId.values()], wanted),
  };
}

function pageOf(
  all: BookedCharge[],
  { cursor, limit, reference, status }: Page,
): { items: BookedCharge[]; next: string | null } {
  const start = cursor === undefined ? 0 : all.findIndex(({ id }) => id === cursor) + 1;
  if (cursor !== undefined && start === 0) {
    throw new Failure('invalid-request', 'The cursor is none of ours: begin without one.');
  }
  const wanted = all
    .slice(start)
    .filter((each) => reference === undefined || each.reference === reference)
    .filter((each) => status === undefined || each.status === status);
  const items = wanted.slice(0, limit);
  return { items, next: wanted.length > limit ? (items.at(-1)?.id ?? null) : null };
}
