/**
 * Broken on purpose: the offset is committed before the work, as auto-commit may do. Messages are
 * handled at most once instead of at least once: a consumer that dies during the work never gets
 * the message again.
 */
export async function offsetThenWork(
  work: () => Promise<void>,
  acknowledge: () => Promise<void>,
): Promise<void> {
  await acknowledge();
  await work();
}
