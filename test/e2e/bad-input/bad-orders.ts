import { bodies } from './bad-bodies.ts';
import type { BadRequest, Target } from './bad-request.ts';

// The JSON is written by hand, so that the tables show the exact text that is sent.
const TEA = '{"sku":"tea","quantity":1}';
const customer = (json: string) => `{"customerId":${json},"lines":[${TEA}]}`;
const lines = (json: string) => `{"customerId":"alice","lines":${json}}`;
const sku = (json: string) => lines(`[{"sku":${json},"quantity":1}]`);
const quantity = (json: string) => lines(`[{"sku":"tea","quantity":${json}}]`);
const alsoIn = (json: string) => `{"customerId":"alice","lines":[${TEA}],${json}}`;
const alsoInLine = (json: string) => lines(`[{"sku":"tea","quantity":1,${json}}]`);
const times = (count: number, json: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => json(n)).join(',');

/** Values that are not a valid name of a customer or of a product. */
const NAMES = [
  ['a number', '1'],
  ['true', 'true'],
  ['null', 'null'],
  ['a list', '["alice"]'],
  ['an object', '{"id":"alice"}'],
  ['empty text', '""'],
  ['a space', '" "'],
  ['a space at the end', '"alice "'],
  ['a dash first', '"-alice"'],
  ['capitals', '"ALICE"'],
  ['a line break at the end', '"alice\\n"'],
  ['a NUL inside', '"al\\u0000ice"'],
  ['half of a character', '"\\ud800"'],
  ['both halves in the wrong order', '"\\udc00\\ud800"'],
  ['an emoji', '"🫖"'],
  ['a Cyrillic letter that looks the same', '"аlice"'],
  ['a right-to-left mark', '"\\u202ealice"'],
  ['a byte order mark', '"\\ufeffalice"'],
  ['65 letters', `"${'a'.repeat(65)}"`],
  ['60,000 letters', `"${'a'.repeat(60_000)}"`],
  ['SQL', '"alice\'; drop table orders; --"'],
  ['HTML', '"<script>alert(1)</script>"'],
  ['a path', '"../../etc/passwd"'],
  ['a JNDI look-up', '"${jndi:ldap://example.org/a}"'],
  ['another header', '"alice\\r\\nset-cookie: a=1"'],
  ['a terminal escape sequence', '"\\u001b[31malice"'],
  ['a prototype', '"__proto__"'],
] as const;

const QUANTITIES = [
  ['0', '0'],
  ['-1', '-1'],
  ['minus zero', '-0'],
  ['one and a half', '1.5'],
  ['almost zero', '1e-7'],
  ['a thousand and one', '1001'],
  ['2 to the 31st', '2147483648'],
  ['more than a double holds exactly', '9007199254740993'],
  ['2 to the 63rd', '9223372036854775808'],
  ['thirty digits', '123456789012345678901234567890'],
  ['the largest double', '1.7976931348623157e308'],
  ['more than the largest double', '1e309'],
  ['less than the smallest double', '-1e400'],
  ['text', '"1"'],
  ['empty text', '""'],
  ['true', 'true'],
  ['null', 'null'],
  ['a list', '[1]'],
  ['an object', '{}'],
  ['an operator', '{"$gt":0}'],
  ['a zero before it', '01'],
  ['a plus before it', '+1'],
  ['a point after it', '1.'],
  ['a point before it', '.5'],
  ['hexadecimal', '0x10'],
  ['half of an exponent', '1e'],
  ['a sign without a number', '-'],
  ['NaN', 'NaN'],
  ['Infinity', 'Infinity'],
  ['an underscore', '1_000'],
  ['a bigint', '1n'],
] as const;

const LINES = [
  ['null', 'null'],
  ['text', '"tea"'],
  ['one line without a list', TEA],
  ['a list that is an object', `{"0":${TEA},"length":1}`],
  ['an empty list', '[]'],
  ['null in it', '[null]'],
  ['text in it', '["tea"]'],
  ['a list in it', `[[${TEA}]]`],
  ['an empty line', '[{}]'],
  ['a line without quantity', '[{"sku":"tea"}]'],
  ['a line without sku', '[{"quantity":1}]'],
  ['a valid and an invalid line', `[${TEA},{"sku":"mug","quantity":0}]`],
  ['one product twice', `[${TEA},${TEA}]`],
  ['twenty-one', `[${times(21, (n) => `{"sku":"sku-${n}","quantity":1}`)}]`],
  ['two thousand', `[${times(2_000, (n) => `{"sku":"sku-${n}","quantity":1}`)}]`],
] as const;

const MEMBERS = [
  ['a price', '"totalCents":1'],
  ['an id', '"id":"00000000-0000-7000-8000-000000000000"'],
  ['a status', '"status":"CONFIRMED"'],
  ['a prototype', '"__proto__":{"isAdmin":true}'],
  ['an escaped prototype', '"\\u005f_proto__":{"isAdmin":true}'],
  ['a constructor', '"constructor":{"prototype":{"isAdmin":true}}'],
  ['a method', '"toString":"x"'],
  ['hasOwnProperty', '"hasOwnProperty":null'],
  ['no name', '"":1'],
  ['an operator', '"$where":"sleep(1000)"'],
  ['a name with a NUL', '"a\\u0000b":1'],
  ['half of a character as its name', '"\\udfff":1'],
] as const;

const TWICE = [
  ['customer', '{"customerId":"bob","customerId":"alice","lines":[]}'],
  ['customer, the same', alsoIn('"customerId":"alice"')],
  ['customer, once escaped', alsoIn('"\\u0063ustomerId":"alice"')],
  ['lines', alsoIn(`"lines":[${TEA}]`)],
  ['sku', alsoInLine('"sku":"tea"')],
  ['quantity', alsoInLine('"quantity":1')],
  ['quantity, once a colon in a text', lines('[{"sku":"a:b","sku":"tea","quantity":1}]')],
] as const;

/** Bodies that are JSON, but not an order. */
export function badOrders(target: Target): BadRequest[] {
  const table = [
    ...NAMES.map(([what, json]) => [`customerId is ${what}`, customer(json)] as const),
    ...NAMES.map(([what, json]) => [`sku is ${what}`, sku(json)] as const),
    ...QUANTITIES.map(([what, json]) => [`quantity is ${what}`, quantity(json)] as const),
    ...LINES.map(([what, json]) => [`lines are ${what}`, lines(json)] as const),
    ...MEMBERS.map(([what, json]) => [`an order with ${what}`, alsoIn(json)] as const),
    ...MEMBERS.map(([what, json]) => [`a line with ${what}`, alsoInLine(json)] as const),
    ...TWICE.map(([what, json]) => [`twice: ${what}`, json] as const),
    ['no customer', `{"lines":[${TEA}]}`],
    ['no lines', '{"customerId":"alice"}'],
    ['other letters in a name', `{"CustomerId":"alice","lines":[${TEA}]}`],
    ['an order inside an order', `{"order":${customer('"alice"')}}`],
  ] as const;
  return bodies(target, 'invalid-request', table);
}
