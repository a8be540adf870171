/** "1 order", "2 orders". `plural` is for a noun whose plural does not end in "s". */
export function count(rows: number, noun: string, plural = `${noun}s`): string {
  return `${rows} ${rows === 1 ? noun : plural}`;
}
