import { didYouMean, Failure } from '@indoubt/failure';

/** An error in one part of a text. The reader of the whole text catches it and names the part. */
export class WrongPart extends Error {}

const COLUMNS_MAX = 96;
const QUOTED_MAX = 70;

/** A Failure 'invalid-config' whose lines are wrapped for a terminal. */
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

/** Quotes a text on one line, and cuts it after `QUOTED_MAX` characters. */
export function quoted(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return `"${line.length > QUOTED_MAX ? `${line.slice(0, QUOTED_MAX)}…` : line}"`;
}

/**
 * The name in `names` that is equal to `word`.
 * @param what  the kind of name, with its article: `an action on a link`
 * @throws WrongPart with the nearest name and all names
 */
export function knownName<Name extends string>(
  word: string,
  names: readonly Name[],
  what: string,
): Name {
  const found = names.find((name) => name === word);
  if (found !== undefined) return found;
  const hint = didYouMean(word, names);
  const all = `There are: ${names.join(', ')}.`;
  throw new WrongPart(`${quoted(word)} is not ${what}.${hint} ${all}`);
}
