import type { DatabaseOwner } from '../../infrastructure/provider.ts';

/** What was opened, and for how many databases there was an error, or it took too long. */
export interface Opened<T> {
  opened: ReadonlyMap<DatabaseOwner, T>;
  missed: number;
}

/**
 * Waits for what opens in time, and for no more: what comes later would begin in mid-story, and
 * what it saw first would pass for what was there before.
 */
export async function openInTime<T>(
  opening: readonly (readonly [DatabaseOwner, Promise<T>])[],
  withinMs: number,
): Promise<Opened<T>> {
  const opened = new Map<DatabaseOwner, T>();
  const all = opening.map(async ([owner, coming]) => opened.set(owner, await coming));
  await inTime(Promise.allSettled(all), withinMs);
  return { opened: new Map(opened), missed: opening.length - opened.size };
}

/** Waits for this work to end, well or badly, but no longer. Milliseconds. */
export async function inTime(work: Promise<unknown>, withinMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, withinMs);
  });
  await Promise.race([work.catch(() => undefined), late]);
  clearTimeout(timer);
}
