/**
 * Broken on purpose: the offset is committed before the work is, as auto-commit does it. At most
 * once instead of at least once: a consumer that dies during the work never sees the message again.
 */
export async function offsetThenWork(
  work: () => Promise<void>,
  acknowledge: () => Promise<void>,
): Promise<void> {
  await acknowledge();
  await work();
}
