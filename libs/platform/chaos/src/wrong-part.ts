import { didYouMean, Failure } from '@indoubt/failure';

/** Something wrong in one part of a text; whoever reads the whole text says in which. */
export class WrongPart extends Error {}

const COLUMNS_MAX = 96;
const QUOTED_MAX = 70;

/** A refusal whose lines fit on a terminal, whatever was written. */
export function invalidConfig(text: string): Failure {
  return new Failure('invalid-config', text.split('\n').map(fit).join('\n'));
}

function fit(line: string): string {
  const lines = [''];
  for (const word of line.split(' ')) {
    const last = lines.at(-1) ?? '';
    const longer = last === '' ? word : `${last} ${word}`;
    if (longer.length <= COLUMNS_MAX) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join('\n');
}

/** What somebody wrote, on one line and no longer than can be read. */
export function quoted(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return `"${line.length > QUOTED_MAX ? `${line.slice(0, QUOTED_MAX)}…` : line}"`;
}

/** The name that was written. @throws WrongPart with the nearest one, and all of them */
export function knownName<Name extends string>(
  word: string,
  names: readonly Name[],
  what: string,
): Name {
  const found = names.find((name) => name === word);
  if (found !== undefined) return found;
  const hint = didYouMean(word, names);
  const all = `Write one of: ${names.join(', ')}.`;
  throw new WrongPart(`${quoted(word)} is no ${what}.${hint} ${all}`);
}
