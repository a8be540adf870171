/**
 * Breaks a label at spaces into lines of about the same length; a longer word gets its own line.
 * @param columns  characters of a line, at least 1
 */
export function wrapLabel(text: string, columns: number): string[] {
  const count = Math.max(1, Math.ceil(text.length / columns));
  // The smallest width that needs no more lines than a width of `columns` does.
  for (let width = Math.ceil(text.length / count); width < columns; width += 1) {
    const lines = fill(text, width);
    if (lines.length <= count) return lines;
  }
  return fill(text, columns);
}

function fill(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}
