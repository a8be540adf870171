import { type BadRequest, rows, type Target } from './bad-request.ts';

type Paths = readonly (readonly [what: string, path: string])[];

const ID = '00000000-0000-7000-8000-000000000000';
/** A GET without a body. */
const get = (path: string) => ({ method: 'GET', path, body: null });

const UNREADABLE: Paths = [
  ['half of an escape', '/healthz/%'],
  ['an invalid escape', '/healthz/%zz'],
  ['escaped bytes that are not UTF-8', '/healthz/%ff'],
  ['an escaped slash in two bytes (overlong)', '/healthz/%c0%af'],
  ['an escaped half of a character', '/healthz/%ed%a0%80'],
  ['bytes in the query that are not UTF-8', '/healthz?a=%ff'],
  ['half of an escape in the query', '/healthz?a=%'],
  ['a space', '/health z'],
  ['a NUL', '/health\0z'],
  ['a control character', '/health\x01z'],
  ['no slash', 'healthz'],
  ['an empty path', ''],
];

const NOWHERE: Paths = [
  ['an unknown path', '/nowhere'],
  ['one level too many', '/healthz/healthz'],
  ['a path out of the root', '/../../etc/passwd'],
  ['a path out of the root, escaped', '/..%2f..%2fetc%2fpasswd'],
  ['a file of secrets', '/.env'],
  ['a matrix parameter', '/healthz;a=b'],
  ['an escaped NUL', '/healthz%00'],
  ['an escaped line break', '/healthz%0d%0aset-cookie:a=1'],
  ['a prototype', '/__proto__'],
  ['a backslash', '/\\healthz'],
  ['3,000 characters', `/${'a'.repeat(3_000)}`],
];

/** Addresses that every service refuses. */
export function badAddresses(target: Target): BadRequest[] {
  const known = ['POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'QUERY'];
  return [
    ...all(target, 'invalid-request', UNREADABLE),
    ...all(target, 'not-found', NOWHERE),
    ...all(target, 'uri-too-long', [['5,000 characters', `/${'a'.repeat(5_000)}`]]),
    ...all(target, 'uri-too-long', [['a query of 5,000', `/healthz?a=${'a'.repeat(5_000)}`]]),
    ...all(target, 'headers-too-large', [['20,000 characters', `/${'a'.repeat(20_000)}`]]),
    ...rows(
      target,
      'method-not-allowed',
      known.map((method) => [`${method} /healthz`, { method, path: '/healthz', body: null }]),
    ),
    ...rows(target, 'method-not-allowed', [[`DELETE ${target.path}`, { method: 'DELETE' }]]),
  ];
}

const QUERIES: Paths = [
  ['a page of 0', 'limit=0'],
  ['a page of -1', 'limit=-1'],
  ['a page of 101', 'limit=101'],
  ['a page of 1.5', 'limit=1.5'],
  ['a page size that is a word', 'limit=many'],
  ['an empty page size', 'limit='],
  ['a page size that is a space', 'limit=%20'],
  ['a page of a billion', 'limit=1e9'],
  ['a page of Infinity', 'limit=Infinity'],
  ['two page sizes', 'limit=1&limit=2'],
  ['a page size in a list', 'limit[]=1'],
  ['a cursor that is a word', 'cursor=yesterday'],
  ['an empty cursor', 'cursor='],
  ['a cursor with a NUL', `cursor=${ID}%00`],
  ['a cursor in braces', `cursor={${ID}}`],
  ['two cursors', `cursor=${ID}&cursor=${ID}`],
  ['an unknown status', 'status=DONE'],
  ['a status in small letters', 'status=pending'],
  ['two statuses in one', 'status=PENDING,CONFIRMED'],
  ['a customer with a NUL', 'customer=%00'],
  ['a customer in capitals', 'customer=ALICE'],
  ['a customer as SQL', "customer=alice'%20or%20'1'='1"],
  ['two customers', 'customer=alice&customer=bob'],
  ['an operator', 'customer[$ne]=alice'],
  ['an unknown filter', 'page=2'],
  ['a prototype', '__proto__=1'],
  ['a prototype, deep', '__proto__[isAdmin]=1'],
  ['a constructor', 'constructor=1'],
];

const IDS: Paths = [
  ['a word', 'not-an-id'],
  ['an unknown id', ID],
  ['an id with one more character', `${ID}0`],
  ['an id with an escaped NUL', `${ID}%00`],
  ['an id in braces', `{${ID}}`],
  ['an id without dashes', ID.replaceAll('-', '')],
  ['a number', '1'],
  ['a prototype', '__proto__'],
  ['SQL', "1'%20or%20'1'='1"],
  ['one level too many', `${ID}/lines`],
];

const WAITS = ['wait=-1', 'wait=soon', 'wait=', 'wait=99999999', ';;;', ',,,', '=', 'wait="'];

/** Reads that order refuses: of pages of orders, and of single orders. */
export function badReads(target: Target): BadRequest[] {
  const queries = QUERIES.map(([what, query]) => [what, `/orders?${query}`] as const);
  const ids = IDS.map(([what, id]) => [`an order: ${what}`, `/orders/${id}`] as const);
  // RFC 7240: a preference that cannot be read is ignored, so the reply is only the 404.
  const waits = WAITS.map((prefer) => {
    const change = { ...get(`/orders/${ID}`), headers: { prefer } };
    return [`no such order, and Prefer: ${prefer}`, change] as const;
  });
  return [
    ...all(target, 'invalid-request', queries),
    ...all(target, 'not-found', ids),
    ...rows(target, 'not-found', waits),
  ];
}

function all(target: Target, code: string, paths: Paths): BadRequest[] {
  return rows(
    target,
    code,
    paths.map(([what, path]) => [`an address: ${what}`, get(path)]),
  );
}
