/** A valid request. A table changes one thing in it, so that it must be refused. */
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
  /** The code of the problem that the server must reply with. */
  code: string;
  /** After the bytes: nothing (default), end our side, or send this text every 100 ms. */
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

/** The target with a change, in HTTP/1.1. Its length is right unless the change sets a length. */
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
  // latin1 sends a character up to 255 as one byte, so a table can have bytes that are not UTF-8.
  const head = Buffer.from([`${method} ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n'), 'latin1');
  return Buffer.concat([head, body]);
}

/** A bad request for each row of the table. All of them expect the same problem code. */
export function rows(
  target: Target,
  code: string,
  table: readonly (readonly [what: string, change: Change])[],
): BadRequest[] {
  return table.map(([what, change]) => ({ what, code, bytes: requestTo(target, change) }));
}
