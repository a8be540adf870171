/**
 * Like Promise.all, but a failure is passed on only when the others have ended too, having been
 * told to give up. So whoever then cleans up knows that nothing starts behind its back any more.
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
