/** A request that would be served, were it not for the one thing that a table does to it. */
export interface Target {
  /** Such as `127.0.0.1:4001`. */
  host: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** One malformed request, as the bytes that go over the wire. */
export interface BadRequest {
  what: string;
  bytes: Buffer;
  /** The code of the problem that it must be answered with. */
  code: string;
  /** What happens after the bytes: nothing (default), our side ends, or more of this, slowly. */
  after?: 'end' | { every100Ms: string };
}

/** Bytes as such, or text that is sent as UTF-8. */
export type Content = string | Buffer;

/** What differs from the target; a header that is null is left out. */
export interface Change {
  method?: string;
  path?: string;
  headers?: Readonly<Record<string, string | readonly string[] | null>>;
  body?: Content | null;
}

/** The target with a change, in HTTP/1.1, its length right unless the change says otherwise. */
export function requestTo(target: Target, change: Change): Buffer {
  const { method = 'POST', path = target.path } = change;
  const body = Buffer.from(change.body === undefined ? target.body : (change.body ?? ''));
  const length = change.body === null ? null : String(body.length);
  const headers = {
    host: target.host,
    connection: 'close',
    ...target.headers,
    'content-length': length,
    ...change.headers,
  };
  const lines = Object.entries(headers).flatMap(([name, values]) =>
    (values === null ? [] : [values].flat()).map((value) => `${name}: ${value}`),
  );
  // latin1: a character up to 255 is that one byte, so a table can write bytes that are no UTF-8.
  const head = Buffer.from([`${method} ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n'), 'latin1');
  return Buffer.concat([head, body]);
}

/** One row for each entry: the same code, and a change that its text is put into. */
export function rows(
  target: Target,
  code: string,
  table: readonly (readonly [what: string, change: Change])[],
): BadRequest[] {
  return table.map(([what, change]) => ({ what, code, bytes: requestTo(target, change) }));
}
