import { didYouMean } from '@indoubt/failure';
import { quoted, WrongPart } from './wrong-part.ts';

/** A kind of names that have two halves: `payment:acted-not-committed`, `order->kafka`. */
export interface TwoHalves<Name extends string> {
  names: readonly Name[];
  between: string;
  /** What the halves are, in words. */
  left: string;
  right: string;
}

/**
 * All names that a target with stars means. Pure.
 * @throws WrongPart that says which half of it is wrong
 */
export function matchHalves<Name extends string>(target: string, of: TwoHalves<Name>): Name[] {
  const found = matching(target, of.names);
  if (found.length > 0) return found;
  const [left = '', right = ''] = split(target, of.between);
  const pairs = of.names.map((name) => split(name, of.between));
  const lefts = [...new Set(pairs.map(([name = '']) => name))];
  const these = matching(left, lefts);
  if (these.length === 0) throw nothing(left, lefts, of.left);
  const rights = pairs.filter(([name = '']) => these.includes(name)).map(([, name = '']) => name);
  throw nothing(right, [...new Set(rights)], `${of.right} ${left}`);
}

/** The names that a target with stars means; none when there is none. Pure. */
export function matching<Name extends string>(target: string, names: readonly Name[]): Name[] {
  // Stars side by side are one: a pattern of many would take for ever to say no.
  const pattern = new RegExp(`^${target.split(/\*+/).map(escaped).join('.*')}$`);
  return names.filter((name) => pattern.test(name));
}

function nothing(word: string, names: readonly string[], what: string): WrongPart {
  const hint = didYouMean(word, names) || ` There are: ${names.join(', ')}.`;
  return new WrongPart(`${quoted(word)} is no ${what}.${hint}`);
}

function split(text: string, between: string): string[] {
  const at = text.indexOf(between);
  return [text.slice(0, at), text.slice(at + between.length)];
}

function escaped(text: string): string {
  return text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
}
