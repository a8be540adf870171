import { InvalidRequest } from '../problems/problem-details.ts';

// The deepest valid body has five levels; a much deeper body is an attack.
const DEPTH_MAX = 32;
/** Names that careless code would read as parts of a prototype. */
const TRAPS = new Set(['__proto__', 'constructor', 'prototype']);
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const STRING_OR_COLON = /"[^"\\]*(?:\\.[^"\\]*)*"|:/g;

/**
 * Parses JSON by RFC 8259 and 7493 (I-JSON), more strictly than JSON.parse: only UTF-8, no name
 * twice in one object, no lone surrogates, and only numbers that a double can represent. Also
 * refused are NUL, which Postgres refuses, names of prototypes, and more than 32 levels.
 * @throws InvalidRequest (definite)
 */
export function parseStrictJson(bytes: Uint8Array): unknown {
  const text = decode(bytes);
  const value = parse(text);
  const names = checkValue(value, 1);
  // JSON.parse drops the first of two members with one name: the value then has fewer members.
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

/** The number of members in valid JSON: each member has one colon outside of strings. */
function membersIn(text: string): number {
  let members = 0;
  for (const [token] of text.matchAll(STRING_OR_COLON)) if (token === ':') members += 1;
  return members;
}

/** @returns the number of members of the value, on all levels */
function checkValue(value: unknown, depth: number): number {
  if (typeof value === 'string') checkText(value);
  if (typeof value === 'number' && !Number.isFinite(value))
    refuse('it has a number that is too large');
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > DEPTH_MAX) refuse(`it has more than ${DEPTH_MAX} levels`);
  if (Array.isArray(value)) {
    return value.reduce((sum: number, each) => sum + checkValue(each, depth + 1), 0);
  }
  const members = Object.entries(value);
  return members.reduce((sum, [name, each]) => {
    checkText(name);
    if (TRAPS.has(name)) refuse(`"${name}" is not allowed as a name`);
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
