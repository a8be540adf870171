/**
 * The work of a group of messages and its acknowledgement, one after the other: at least once. A
 * crash between the two repeats the work, and the inbox takes care of that.
 */
export async function workThenOffset(
  work: () => Promise<void>,
  acknowledge: () => Promise<void>,
): Promise<void> {
  await work();
  await acknowledge();
}
