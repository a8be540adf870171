import { type BadRequest, rows, type Target } from './bad-request.ts';

type Paths = readonly (readonly [what: string, path: string])[];

const ID = '00000000-0000-7000-8000-000000000000';
/** GET with nothing in the body. */
const get = (path: string) => ({ method: 'GET', path, body: null });

const UNREADABLE: Paths = [
  ['half of an escape', '/healthz/%'],
  ['an escape that is none', '/healthz/%zz'],
  ['escaped bytes that are no UTF-8', '/healthz/%ff'],
  ['an escaped slash in two bytes (overlong)', '/healthz/%c0%af'],
  ['an escaped half of a character', '/healthz/%ed%a0%80'],
  ['no UTF-8 in the query', '/healthz?a=%ff'],
  ['half of an escape in the query', '/healthz?a=%'],
  ['a space', '/health z'],
  ['a NUL', '/health\0z'],
  ['a control character', '/health\x01z'],
  ['no slash', 'healthz'],
  ['nothing', ''],
];

const NOWHERE: Paths = [
  ['a path that nobody knows', '/nowhere'],
  ['one level too many', '/healthz/healthz'],
  ['up and away', '/../../etc/passwd'],
  ['up and away, escaped', '/..%2f..%2fetc%2fpasswd'],
  ['secrets of others', '/.env'],
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
  ['a page of none', 'limit=0'],
  ['a page of less than none', 'limit=-1'],
  ['a page of 101', 'limit=101'],
  ['half a page', 'limit=1.5'],
  ['a page of many', 'limit=many'],
  ['a page of nothing', 'limit='],
  ['a page of a space', 'limit=%20'],
  ['a page of a billion', 'limit=1e9'],
  ['a page without end', 'limit=Infinity'],
  ['two sizes of a page', 'limit=1&limit=2'],
  ['a size in a list', 'limit[]=1'],
  ['a cursor that is a word', 'cursor=yesterday'],
  ['an empty cursor', 'cursor='],
  ['a cursor with a NUL', `cursor=${ID}%00`],
  ['a cursor in braces', `cursor={${ID}}`],
  ['two cursors', `cursor=${ID}&cursor=${ID}`],
  ['a status that is none', 'status=DONE'],
  ['a status in small letters', 'status=pending'],
  ['two statuses in one', 'status=PENDING,CONFIRMED'],
  ['a customer with a NUL', 'customer=%00'],
  ['a customer in capitals', 'customer=ALICE'],
  ['a customer as SQL', "customer=alice'%20or%20'1'='1"],
  ['two customers', 'customer=alice&customer=bob'],
  ['an operator', 'customer[$ne]=alice'],
  ['a filter that nobody knows', 'page=2'],
  ['a prototype', '__proto__=1'],
  ['a prototype, deep', '__proto__[isAdmin]=1'],
  ['a constructor', 'constructor=1'],
];

const IDS: Paths = [
  ['a word', 'not-an-id'],
  ['an id nobody has', ID],
  ['an id and something', `${ID}0`],
  ['an id with an escaped NUL', `${ID}%00`],
  ['an id in braces', `{${ID}}`],
  ['an id without dashes', ID.replaceAll('-', '')],
  ['a number', '1'],
  ['a prototype', '__proto__'],
  ['SQL', "1'%20or%20'1'='1"],
  ['one level too many', `${ID}/lines`],
];

const WAITS = ['wait=-1', 'wait=soon', 'wait=', 'wait=99999999', ';;;', ',,,', '=', 'wait="'];

/** What order refuses to show: pages and orders. */
export function badReads(target: Target): BadRequest[] {
  const queries = QUERIES.map(([what, query]) => [what, `/orders?${query}`] as const);
  const ids = IDS.map(([what, id]) => [`an order: ${what}`, `/orders/${id}`] as const);
  // A preference that cannot be read is ignored (RFC 7240): it does no harm, that is all.
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
