/**
 * Runs the work of a group of messages and then acknowledges them: at least once. A crash between
 * the two repeats the work, and the inbox finds the duplicates.
 */
export async function workThenOffset(
  work: () => Promise<void>,
  acknowledge: () => Promise<void>,
): Promise<void> {
  await work();
  await acknowledge();
}
