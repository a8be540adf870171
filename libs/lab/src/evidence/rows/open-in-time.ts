import type { DatabaseOwner } from '../../infrastructure/provider.ts';

/** The databases that opened in time, and how many failed or were too slow. */
export interface Opened<T> {
  opened: ReadonlyMap<DatabaseOwner, T>;
  missed: number;
}

/**
 * Waits for the databases until `withinMs`. A database that opens later is not used: its first
 * snapshot would be of the middle of the run, but would pass for the state before the run.
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

/** Waits until the work ends or fails, but no longer than `withinMs` milliseconds. */
export async function inTime(work: Promise<unknown>, withinMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, withinMs);
  });
  await Promise.race([work.catch(() => undefined), late]);
  clearTimeout(timer);
}
