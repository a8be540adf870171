import { type EventLine, word } from '../../evidence/record/told-fields.ts';
import type { Told } from './sentence.ts';

/** @param isAgain  this key was answered again before: its client says so each time */
export function keyReplayed(line: EventLine, isAgain: boolean): Told {
  const status = word(line, 'status');
  const text = `key ${short(line)} again: same answer as before (${status}), nothing is done`;
  return { text, mark: 'again', isDetail: isAgain };
}

/** @param isAgain  this key was refused for the same reason before */
export function keyRefused(line: EventLine, isAgain: boolean): Told {
  if (line['code'] === 'idempotency-key-reused') {
    const text = `key ${short(line)} refused: it belongs to another request`;
    return { text, mark: 'refused', isDetail: isAgain };
  }
  const text = `key ${short(line)} is in use: its request is under way, or in doubt`;
  return { text, mark: 'in-doubt', isDetail: isAgain };
}

export function keyTakenOver(line: EventLine): Told {
  const text = `key ${short(line)} is taken over: its time was up`;
  return { text, mark: 'restart' };
}

export function keysReaped(line: EventLine): Told {
  const count = word(line, 'count');
  return { text: `${count} old key${count === '1' ? '' : 's'} deleted`, mark: 'plain' };
}

const KEY_CHARS_MAX = 24;

function short(line: EventLine): string {
  const key = word(line, 'key');
  return key.length > KEY_CHARS_MAX ? `${key.slice(0, KEY_CHARS_MAX)}…` : key;
}
