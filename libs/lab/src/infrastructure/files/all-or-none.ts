/**
 * Like Promise.all, but after a failure it calls `giveUp` and waits until the other promises have
 * settled before it throws. So nothing starts any more when the caller cleans up.
 */
export async function allOrNone<T extends readonly unknown[]>(
  work: { [K in keyof T]: Promise<T[K]> },
  giveUp: () => void,
): Promise<T> {
  try {
    return await Promise.all(work);
  } catch (error) {
    giveUp();
    await Promise.allSettled(work);
    throw error;
  }
}
