/**
 * Breaks a label at spaces into lines of about the same length; a longer word stands alone.
 * @param columns  characters of a line, at least 1
 */
export function wrapLabel(text: string, columns: number): string[] {
  const count = Math.max(1, Math.ceil(text.length / columns));
  // As narrow as can be with as few lines as there can be.
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
