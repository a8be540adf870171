/** "1 order", "2 orders"; with its plural when that is not the noun and an "s". */
export function count(rows: number, noun: string, plural = `${noun}s`): string {
  return `${rows} ${rows === 1 ? noun : plural}`;
}
