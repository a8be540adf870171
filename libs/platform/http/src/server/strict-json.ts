import { InvalidRequest } from '../problems/problem-details.ts';

// Our deepest body has five levels; who sends more means harm.
const DEPTH_MAX = 32;
/** Names that mean something else than a member to careless code. */
const TRAPS = new Set(['__proto__', 'constructor', 'prototype']);
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const STRING_OR_COLON = /"[^"\\]*(?:\\.[^"\\]*)*"|:/g;

/**
 * Reads JSON as RFC 8259 and 7493 (I-JSON) want it, not as forgiving as JSON.parse: UTF-8 only, no
 * name twice in one object, no lone surrogates, numbers that a double can hold; and neither NUL,
 * which Postgres refuses, nor names that reach into prototypes, nor more than 32 levels.
 * @throws InvalidRequest (definite)
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  const value = parse(text);
  const names = checkValue(value, 1);
  // JSON.parse keeps the last of two members with one name: then the text has more than the value.
  if (names < membersIn(text)) refuse('one object has the same name twice');
  return value;
}

function decode(bytes: Uint8Array): string {
  try {
    return DECODER.decode(bytes);
  } catch {
    return refuse('it is not UTF-8');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return refuse('it is not valid JSON');
  }
}

/** Of valid JSON: each member has one colon outside of strings. */
function membersIn(text: string): number {
  let members = 0;
  for (const [token] of text.matchAll(STRING_OR_COLON)) if (token === ':') members += 1;
  return members;
}

/** @returns how many members the value has, on all levels */
function checkValue(value: unknown, depth: number): number {
  if (typeof value === 'string') checkText(value);
  if (typeof value === 'number' && !Number.isFinite(value)) refuse('it has too large a number');
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > DEPTH_MAX) refuse(`it has more than ${DEPTH_MAX} levels`);
  if (Array.isArray(value)) {
    return value.reduce((sum: number, each) => sum + checkValue(each, depth + 1), 0);
  }
  const members = Object.entries(value);
  return members.reduce((sum, [name, each]) => {
    checkText(name);
    if (TRAPS.has(name)) refuse(`"${name}" is no name here`);
    return sum + checkValue(each, depth + 1);
  }, members.length);
}

function checkText(text: string): void {
  if (text.includes('\0')) refuse('it has a NUL in a string');
  if (!text.isWellFormed()) refuse('it has half of a character (a lone surrogate) in a string');
}

function refuse(why: string): never {
  throw new InvalidRequest(`The body cannot be read: ${why}.`);
}
