/**
 * Breaks text at spaces into lines of at most `width` columns. A longer word (an id, a path) is
 * cut, because a line that is too long breaks every table on a terminal.
 */
export function wrapText(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => wrapLine(line, width));
}

function wrapLine(line: string, width: number): string[] {
  const lines = [''];
  for (const word of line.split(/\s+/).flatMap((word) => piecesOf(word, width))) {
    const last = lines[lines.length - 1] ?? '';
    const longer = last === '' ? word : `${last} ${word}`;
    if (longer.length <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function piecesOf(word: string, width: number): string[] {
  if (word.length <= width) return [word];
  return [word.slice(0, width), ...piecesOf(word.slice(width), width)];
}
