import type { EventLine } from '@indoubt/record';
import { count } from '../../text/count.ts';
import type { Told } from './sentence.ts';

/** @param isAgain  this key was answered again before: its client says so each time */
export function keyReplayed(line: EventLine<'key-replayed'>, isAgain: boolean): Told {
  const { key, status } = line;
  const text = `key ${short(key)} again: same answer as before (${status}), nothing is done`;
  return { text, mark: 'again', isDetail: isAgain };
}

/** @param isAgain  this key was refused for the same reason before */
export function keyRefused({ key, code }: EventLine<'key-refused'>, isAgain: boolean): Told {
  if (code === 'idempotency-key-reused') {
    const text = `key ${short(key)} refused: it belongs to another request`;
    return { text, mark: 'refused', isDetail: isAgain };
  }
  const text = `key ${short(key)} is in use: its request is under way, or in doubt`;
  return { text, mark: 'in-doubt', isDetail: isAgain };
}

export function keyTakenOver({ key }: EventLine<'key-taken-over'>): Told {
  const text = `key ${short(key)} is taken over: its time was up`;
  return { text, mark: 'restart' };
}

export function keysReaped(line: EventLine<'keys-reaped'>): Told {
  return { text: `${count(line.count, 'old key')} deleted`, mark: 'plain' };
}

const KEY_CHARS_MAX = 24;

function short(key: string): string {
  return key.length > KEY_CHARS_MAX ? `${key.slice(0, KEY_CHARS_MAX)}…` : key;
}
