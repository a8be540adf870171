import type { EventLine } from '@indoubt/record';
import { count } from '../../text/count.ts';
import type { Narration } from './sentence.ts';

/** @param isAgain  this key was replayed before: its client reports each replay */
export function keyReplayed(line: EventLine<'key-replayed'>, isAgain: boolean): Narration {
  const { key, status } = line;
  const text = `key ${short(key)} again: repeats the answer (${status}), no second effect`;
  return { text, mark: 'again', isDetail: isAgain };
}

/** @param isAgain  this key was refused for the same reason before */
export function keyRefused({ key, code }: EventLine<'key-refused'>, isAgain: boolean): Narration {
  if (code === 'idempotency-key-reused') {
    const text = `key ${short(key)} refused: it belongs to a different request`;
    return { text, mark: 'refused', isDetail: isAgain };
  }
  const text = `key ${short(key)} is in use: its request is in progress or in doubt`;
  return { text, mark: 'in-doubt', isDetail: isAgain };
}

export function keyTakenOver({ key }: EventLine<'key-taken-over'>): Narration {
  const text = `key ${short(key)} is taken over: its lease expired`;
  return { text, mark: 'restart' };
}

export function keysReaped(line: EventLine<'keys-reaped'>): Narration {
  return { text: `${count(line.count, 'expired key')} deleted`, mark: 'plain' };
}

const KEY_CHARS_MAX = 24;

function short(key: string): string {
  return key.length > KEY_CHARS_MAX ? `${key.slice(0, KEY_CHARS_MAX)}…` : key;
}
