import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { type BadRequest, type Change, rows, type Target } from './bad-request.ts';

type Values = readonly (readonly [what: string, value: string | readonly string[] | null])[];
type Named = readonly (readonly [what: string, change: Change])[];

const MEDIA_TYPES: Values = [
  ['no content type', null],
  ['an empty content type', ''],
  ['text', 'text/plain'],
  ['a form', 'application/x-www-form-urlencoded'],
  ['a form with files', 'multipart/form-data; boundary=x'],
  ['XML', 'application/xml'],
  ['bytes', 'application/octet-stream'],
  ['another type of JSON', 'text/json'],
  ['a JSON patch', 'application/json-patch+json'],
  ['a problem document', 'application/problem+json'],
  ['half a type', 'json'],
  ['any type', '*/*'],
  ['two types in one', 'application/json, text/plain'],
  ['a space in the type', 'application /json'],
  ['JSON in UTF-16', 'application/json; charset=utf-16'],
  ['JSON in Latin-1', 'application/json; charset=iso-8859-1'],
  ['JSON in UTF-7', 'application/json; charset=utf-7'],
  ['JSON with an empty charset', 'application/json; charset='],
];

const ACCEPTED: Values = [
  ['pages only', 'text/html'],
  ['pictures only', 'image/*'],
  ['XML only', 'application/xml'],
  ['everything but JSON and problems', 'application/json;q=0, application/problem+json;q=0'],
  ['no type at all', 'nonsense'],
];

const PLAIN = '{"customerId":"alice","lines":[{"sku":"tea","quantity":1}]}';
const ENCODINGS: Named = [
  ['gzip', encoded('gzip', gzipSync(PLAIN))],
  ['gzip with a body that is not gzip', encoded('gzip', Buffer.from(PLAIN))],
  ['gzip that unpacks to a megabyte', encoded('gzip', gzipSync(Buffer.alloc(1_048_576, ' ')))],
  ['deflate', encoded('deflate', deflateSync(PLAIN))],
  ['brotli', encoded('br', brotliCompressSync(PLAIN))],
  ['gzip twice', encoded('gzip, gzip', gzipSync(gzipSync(PLAIN)))],
  ['an unknown encoding', encoded('rot13', Buffer.from(PLAIN))],
];

function encoded(encoding: string, body: Buffer): Change {
  return { headers: { 'content-encoding': encoding }, body };
}

/** Keys are sent in latin1: é is one byte here, and this byte is not UTF-8. */
const KEYS: Values = [
  ['empty', ''],
  ['256 characters', 'k'.repeat(256)],
  ['256 characters in quotes', `"${'k'.repeat(256)}"`],
  ['8,000 characters', 'k'.repeat(8_000)],
  ['quotes around nothing', '""'],
  ['one quote', '"key-1'],
  ['quotes in quotes', '"a"b"'],
  ['a space inside', 'key 1'],
  ['a tab inside', 'key\t1'],
  ['a comma, as two keys in one', 'key-1, key-2'],
  ['a parameter', '"key-1";expires=1'],
  ['a delete character', 'key\x7f1'],
  ['Latin-1', 'clé-1'],
  ['UTF-8', Buffer.from('clé-1').toString('latin1')],
  ['an emoji', Buffer.from('🫖').toString('latin1')],
  ['a percent', 'key%001'],
  ['a backslash', 'key\\1'],
  ['HTML', '<script>alert(1)</script>'],
  ['SQL', "1'; drop table idempotency_keys; --"],
  ['an object', '{"key":1}'],
];

/** Header names and values that every service refuses. */
const HEADS: Named = [
  ['a NUL in a value', { headers: { 'x-note': 'a\0b' } }],
  ['a bell in a value', { headers: { 'x-note': 'a\x07b' } }],
  ['an escape in a value', { headers: { 'x-note': '\x1b[31m' } }],
  ['a lone carriage return in a value', { headers: { 'x-note': 'a\rb' } }],
  ['a space in a name', { headers: { 'x note': 'a' } }],
  ['a space after a name', { headers: { 'x-note ': 'a' } }],
  ['no name', { headers: { '': 'a' } }],
  ['a name with a letter of Latin-1', { headers: { 'x-né': 'a' } }],
  ['a name with a NUL', { headers: { 'x-\0': 'a' } }],
  ['a name in brackets', { headers: { '(x)': 'a' } }],
  ['two hosts', { headers: { host: ['a.example', 'b.example'] } }],
  ['no host', { headers: { host: null } }],
  ['two content types', { headers: { 'content-type': ['application/json', 'text/plain'] } }],
  ['two authorizations', { headers: { authorization: ['Bearer a', 'Bearer b'] } }],
  ['two keys', { headers: { 'idempotency-key': ['key-1', 'key-2'] } }],
  ['the same key twice', { headers: { 'idempotency-key': ['key-1', 'key-1'] } }],
  ['two lengths', { headers: { 'content-length': ['3', '4'] } }],
  ['a length that is a word', { headers: { 'content-length': 'three' } }],
  ['a length below zero', { headers: { 'content-length': '-1' } }],
  ['a length with a plus', { headers: { 'content-length': '+3' } }],
  ['a length in hexadecimal', { headers: { 'content-length': '0x3b' } }],
  ['a length of 3.5', { headers: { 'content-length': '3.5' } }],
  ['two lengths in one', { headers: { 'content-length': '59, 59' } }],
  ['a length of thirty digits', { headers: { 'content-length': '9'.repeat(30) } }],
  ['a length and chunks', { headers: { 'transfer-encoding': 'chunked' } }],
  ['an unknown transfer encoding', transfer('cow')],
  ['a transfer encoding after chunked', transfer('chunked, gzip')],
  ['a transfer encoding that is nearly chunked', transfer('xchunked')],
];

function transfer(encoding: string): Change {
  return { headers: { 'transfer-encoding': encoding, 'content-length': null } };
}

const many = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`x-${n}`, 'a']));
const TOO_MUCH: Named = [
  ['20,000 characters in a value', { headers: { 'x-note': 'a'.repeat(20_000) } }],
  ['20,000 characters in a name', { headers: { [`x-${'a'.repeat(20_000)}`]: 'a' } }],
  ['200 headers', { headers: many }],
  ['a cookie of 20,000 characters', { headers: { cookie: `a=${'b'.repeat(20_000)}` } }],
];

const EXPECTED: Values = [
  ['an unknown expectation', '200-ok'],
  ['two expectations', '100-continue, 200-ok'],
];

function each(header: string, values: Values): Named {
  return values.map(([what, value]) => {
    return [`${header}: ${what}`, { headers: { [header]: value } }] as const;
  });
}

/** Headers that every service refuses on a route with a body. */
export function badHeaders(target: Target): BadRequest[] {
  return [
    ...rows(target, 'unsupported-media-type', each('content-type', MEDIA_TYPES)),
    ...rows(target, 'unsupported-media-type', ENCODINGS),
    ...rows(target, 'not-acceptable', each('accept', ACCEPTED)),
    ...rows(target, 'invalid-request', HEADS),
    ...rows(target, 'headers-too-large', TOO_MUCH),
    ...rows(target, 'expectation-failed', each('expect', EXPECTED)),
  ];
}

/** Idempotency keys that are refused by a route that needs a key. */
export function badKeys(target: Target): BadRequest[] {
  return [
    ...rows(target, 'invalid-request', each('idempotency-key', KEYS)),
    ...rows(target, 'idempotency-key-missing', each('idempotency-key', [['none', null]])),
  ];
}
