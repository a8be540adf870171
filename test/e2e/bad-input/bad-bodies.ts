import { gzipSync } from 'node:zlib';
import { type BadRequest, type Content, requestTo, type Target } from './bad-request.ts';

type Bodies = readonly (readonly [what: string, body: Content])[];

const KIB_64 = 65_536;
const ORDER = '{"customerId":"alice","lines":[{"sku":"tea","quantity":1}]}';
const deep = (levels: number, open: string, close: string) =>
  `${open.repeat(levels)}${close.repeat(levels)}`;

/** Bodies that are not JSON, for every service. */
const NOT_JSON: Bodies = [
  ['a space', ' '],
  ['a word', 'undefined'],
  ['an opening brace', '{'],
  ['a name without a value', '{"customerId"'],
  ['half of an order', ORDER.slice(0, 30)],
  ['all but its last brace', ORDER.slice(0, -1)],
  ['one brace more', `${ORDER}}`],
  ['two documents', `${ORDER}${ORDER}`],
  ['two lines of JSON', `${ORDER}\n${ORDER}`],
  ['text after the JSON', `${ORDER} thanks`],
  ['a NUL after the JSON', `${ORDER}\0`],
  ['single quotes', "{'customerId':'alice'}"],
  ['a name without quotes', '{customerId:"alice"}'],
  ['a comma too many', '{"customerId":"alice",}'],
  ['a comment', '{/* who */"customerId":"alice"}'],
  ['a line break inside a string', '{"customerId":"ali\nce"}'],
  ['an invalid escape', '{"customerId":"\\x61lice"}'],
  ['half of an escape', '{"customerId":"\\u00"}'],
  ['a form', 'customerId=alice&sku=tea&quantity=1'],
  ['XML', '<order customer="alice"/>'],
  ['a byte order mark before the JSON', `\ufeff${ORDER}`],
  ['a prefix against JSON hijacking', `)]}',\n${ORDER}`],
];

const NOT_UTF_8: Bodies = [
  ['a byte that is never UTF-8', bytesIn([0xff])],
  ['a letter in Latin-1', bytesIn([0xe9])],
  ['a slash in two bytes (overlong)', bytesIn([0xc0, 0xaf])],
  ['a NUL in two bytes (overlong)', bytesIn([0xc0, 0x80])],
  ['a character that stops in the middle', bytesIn([0xe2, 0x82])],
  ['a continuation without a start', bytesIn([0x80])],
  ['a surrogate as three bytes', bytesIn([0xed, 0xa0, 0x80])],
  ['more than the largest character', bytesIn([0xf4, 0x90, 0x80, 0x80])],
  ['a character in five bytes', bytesIn([0xf8, 0x88, 0x80, 0x80, 0x80])],
  ['UTF-16', Buffer.from(ORDER, 'utf16le')],
  ['UTF-16 with a byte order mark', Buffer.from(`\ufeff${ORDER}`, 'utf16le')],
  ['UTF-16, big endian', Buffer.from(ORDER, 'utf16le').swap16()],
  ['gzip without Content-Encoding', gzipSync(ORDER)],
  ['zeros', Buffer.alloc(64)],
];

/** An order whose customer has these bytes in the middle of the name. */
function bytesIn(bytes: readonly number[]): Buffer {
  return Buffer.concat([
    Buffer.from('{"customerId":"al'),
    Buffer.from(bytes),
    Buffer.from('ice","lines":[{"sku":"tea","quantity":1}]}'),
  ]);
}

const NOT_AN_OBJECT: Bodies = [
  ['null', 'null'],
  ['true', 'true'],
  ['a number', '7'],
  ['a text', '"order"'],
  ['a list', '[]'],
  ['a list of orders', `[${ORDER}]`],
  ['an empty object', '{}'],
  ['a number that is too large', '[1e309]'],
  ['lists in lists, 30,000 deep', deep(30_000, '[', ']')],
  ['lists in lists, never closed', '['.repeat(30_000)],
  ['objects in objects, 10,000 deep', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
  ['33 levels', deep(33, '[', ']')],
  ['half of a character as a name', '{"\\ud800":1}'],
  ['a name with a NUL', '{"a\\u0000":1}'],
  ['__proto__ alone', '{"__proto__":{"customerId":"alice"}}'],
  ['constructor.prototype', '{"constructor":{"prototype":{"customerId":"alice"}}}'],
  ['the same name twice', '{"customerId":"alice","customerId":"alice"}'],
  ['the same name twice, once escaped', '{"customerId":"bob","customer\\u0049d":"alice"}'],
  ['the same name twice, deep inside', '{"lines":[[{"a":1,"a":1}]]}'],
];

/** Bodies that every service must refuse, whatever body its route needs. */
export function badBodies(target: Target): BadRequest[] {
  const tooLarge: Bodies = [
    ['one byte over 64 KiB', `"${'x'.repeat(KIB_64 - 1)}"`],
    ['a megabyte', `"${'x'.repeat(1_048_576)}"`],
    ['64 KiB of spaces before the JSON', ' '.repeat(KIB_64) + ORDER],
  ];
  return [
    ...bodies(target, 'invalid-request', [...NOT_JSON, ...NOT_UTF_8, ...NOT_AN_OBJECT, ['', '']]),
    ...bodies(target, 'body-too-large', tooLarge),
  ];
}

/** Each body as a request, named after its fault. */
export function bodies(target: Target, code: string, table: Bodies): BadRequest[] {
  return table.map(([what, body]) => ({
    what: `a body: ${what === '' ? 'nothing' : what}`,
    code,
    bytes: requestTo(target, { body }),
  }));
}
