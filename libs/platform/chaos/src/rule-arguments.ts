import { didYouMean } from '@indoubt/failure';
import type { Trigger } from './chaos-rule.ts';
import { quoted, WrongPart } from './wrong-part.ts';

/** The arguments in the brackets of a rule, and its hit, which follows the `@`. */
export interface Arguments {
  /** The argument without a name: a duration. */
  value?: string;
  hit?: number;
  p?: number;
  every?: number;
  order?: string;
  for?: number;
  jitter?: number;
  /** Bytes per second. */
  rate?: number;
  direction?: 'out' | 'in';
}

const TRIGGERS = ['hit', 'p', 'every', 'order'];
const DAY_MS = 86_400_000;

/** `50ms`, `2s` or `1m` in milliseconds, above 0, up to a day; else undefined. Pure. */
export function durationMs(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,8}(?:\.\d{1,3})?)(ms|s|m)$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const ms = Number(digits) * (unit === 'ms' ? 1 : unit === 's' ? 1_000 : 60_000);
  return ms > 0 && ms <= DAY_MS ? ms : undefined;
}

interface Argument {
  /** The form of the value, with an example. */
  expects: string;
  read(text: string): Partial<Arguments> | undefined;
}

/** The arguments with a name. */
export const ARGUMENTS: Readonly<Record<string, Argument>> = {
  p: {
    expects: 'a probability above 0, up to 1: p=0.2',
    read: (text) => {
      const p = /^(0(\.\d{1,6})?|1(\.0{1,6})?)$/.test(text) ? Number(text) : 0;
      return p === 0 ? undefined : { p };
    },
  },
  every: {
    expects: 'a count from 1: every=3',
    read: (text) => (/^[1-9]\d{0,8}$/.test(text) ? { every: Number(text) } : undefined),
  },
  order: {
    expects: "an order's id, a UUID in lower case",
    read: (text) => (/^[0-9a-f-]{36}$/.test(text) ? { order: text } : undefined),
  },
  for: { expects: 'a duration up to a day: for=2s', read: (text) => timed('for', text) },
  jitter: {
    expects: 'a duration up to a day: jitter=20ms',
    read: (text) => timed('jitter', text),
  },
  rate: {
    expects: 'bytes per second: rate=10kB or rate=500B',
    read: (text) => {
      const [, digits, kilo] = /^([1-9]\d{0,8})(k?)B$/.exec(text) ?? [];
      if (digits === undefined) return undefined;
      return { rate: Number(digits) * (kilo === 'k' ? 1_000 : 1) };
    },
  },
};

function timed(name: 'for' | 'jitter', text: string): Partial<Arguments> | undefined {
  const ms = durationMs(text);
  return ms === undefined ? undefined : { [name]: ms };
}

/**
 * Reads the arguments of a rule. Pure.
 * @param hit  the text after the `@`; undefined without an `@`
 * @throws WrongPart that names the argument
 */
export function readArguments(inside: string, hit: string | undefined): Arguments {
  const args: Arguments = hit === undefined ? {} : { hit: readHit(hit.trim()) };
  const texts = inside.split(',').map((text) => text.trim());
  for (const text of texts.filter((each) => each !== '')) {
    const read = readArgument(text);
    const twice = Object.keys(read).find((name) => Object.hasOwn(args, name));
    if (twice !== undefined)
      throw new WrongPart(`${quoted(text)} repeats an argument: write it once.`);
    Object.assign(args, read);
  }
  return args;
}

function readHit(text: string): number {
  if (/^0+$/.test(text)) throw new WrongPart('hits are counted from 1: @1 is the first hit.');
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const what = `${quoted(`@${text}`)} is not a hit: write a number from 1 to 999999999.`;
  throw new WrongPart(`${what} Write other triggers in brackets: (every=3), (p=0.2).`);
}

function readArgument(text: string): Partial<Arguments> {
  if (text === 'out' || text === 'in') return { direction: text };
  const at = text.indexOf('=');
  if (at < 0) return { value: text };
  const [name, value] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  const argument = Object.hasOwn(ARGUMENTS, name) ? ARGUMENTS[name] : undefined;
  if (argument === undefined) {
    const names = Object.keys(ARGUMENTS);
    const hint =
      name === 'hit' ? ' Write the hit after the brackets: @3.' : didYouMean(name, names);
    throw new WrongPart(
      `${quoted(name)} is not an argument.${hint} There are: ${names.join(', ')}.`,
    );
  }
  const read = argument.read(value);
  if (read !== undefined) return read;
  throw new WrongPart(`${quoted(text)} cannot be read; expected ${argument.expects}.`);
}

/**
 * The trigger that the arguments of a rule describe. Pure.
 * @param own  the arguments that the action takes in addition to those of a trigger
 * @throws WrongPart about an argument that the action does not take, or two that exclude each other
 */
export function triggerOf(args: Arguments, action: string, own: readonly string[]): Trigger {
  const wrong = Object.keys(args).find((name) => !own.includes(name) && !TRIGGERS.includes(name));
  if (wrong !== undefined) {
    const what = quoted(wrong === 'value' ? (args.value ?? '') : nameOf(wrong, args));
    const takes = own.map((name) => (name === 'value' ? 'a duration' : name));
    const all = [...takes, '@HIT', 'every', 'p', 'order'].join(', ');
    throw new WrongPart(`${action} takes no ${what}. It takes: ${all}.`);
  }
  const counting = ['hit', 'every', 'p'].filter((name) => Object.hasOwn(args, name));
  if (counting.length > 1) {
    throw new WrongPart(`${counting.join(' and ')} contradict each other: write only one of them.`);
  }
  const { hit, every, p, order } = args;
  return {
    ...(hit !== undefined && { hit }),
    ...(every !== undefined && { every }),
    ...(p !== undefined && { probability: p }),
    ...(order !== undefined && { orderId: order }),
  };
}

function nameOf(name: string, { direction }: Arguments): string {
  return name === 'direction' ? (direction ?? name) : name;
}
