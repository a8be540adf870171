import { didYouMean } from '@indoubt/failure';
import { quoted, WrongPart } from './wrong-part.ts';

/** Names with two halves, such as `payment:acted-not-committed` or `order->kafka`. */
export interface TwoHalves<Name extends string> {
  names: readonly Name[];
  between: string;
  /** Descriptions of the halves, for error messages: `a process`, `a window of`. */
  left: string;
  right: string;
}

/**
 * All names that a target with stars matches. Pure.
 * @throws WrongPart that says which half of the target is wrong
 */
export function matchHalves<Name extends string>(target: string, of: TwoHalves<Name>): Name[] {
  const found = matching(target, of.names);
  if (found.length > 0) return found;
  const [left = '', right = ''] = split(target, of.between);
  const pairs = of.names.map((name) => split(name, of.between));
  const lefts = [...new Set(pairs.map(([name = '']) => name))];
  const these = matching(left, lefts);
  if (these.length === 0) throw unknown(left, lefts, of.left);
  const rights = pairs.filter(([name = '']) => these.includes(name)).map(([, name = '']) => name);
  throw unknown(right, [...new Set(rights)], `${of.right} ${left}`);
}

/** The names that a target with stars matches; may be empty. Pure. */
export function matching<Name extends string>(target: string, names: readonly Name[]): Name[] {
  // Adjacent stars become one: a pattern of many stars would take for ever to fail.
  const pattern = new RegExp(`^${target.split(/\*+/).map(escaped).join('.*')}$`);
  return names.filter((name) => pattern.test(name));
}

function unknown(word: string, names: readonly string[], what: string): WrongPart {
  const hint = didYouMean(word, names) || ` There are: ${names.join(', ')}.`;
  return new WrongPart(`${quoted(word)} is not ${what}.${hint}`);
}

function split(text: string, between: string): string[] {
  const at = text.indexOf(between);
  return [text.slice(0, at), text.slice(at + between.length)];
}

function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}
