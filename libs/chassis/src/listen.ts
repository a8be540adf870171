import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Listening {
  /** The port in use, also when 0 was asked for. */
  port: number;
  /**
   * Stops accepting, lets running requests finish, for at most `DRAIN_WITHIN_MS`, then cuts them.
   */
  close(): Promise<void>;
}

// A client that sends its request this slowly is broken or hostile.
const REQUEST_WITHIN_MS = 10_000;
const HEADERS_WITHIN_MS = 5_000;
// Longer than clients keep idle connections (undici: 4 s): a server that hangs up first loses
// requests.
const KEEP_ALIVE_MS = 10_000;
const DRAIN_WITHIN_MS = 3_000;

/**
 * Serves `app` over HTTP/1.1.
 * @param port 0 for any free one
 * @throws what the system says (EADDRINUSE, EACCES) when the port cannot be had
 */
export async function listen(
  app: RequestListener,
  { host, port }: { host: string; port: number },
): Promise<Listening> {
  const running = new Set<ServerResponse>();
  const server = createServer(
    {
      requestTimeout: REQUEST_WITHIN_MS,
      headersTimeout: HEADERS_WITHIN_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    (request, response) => {
      running.add(response);
      response.once('close', () => running.delete(response));
      if (!server.listening) response.setHeader('Connection', 'close');
      app(request, response);
    },
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  let closed: Promise<void> | undefined;
  return {
    port: (server.address() as AddressInfo).port,
    close: () => (closed ??= drain(server, running)),
  };
}

async function drain(server: Server, running: ReadonlySet<ServerResponse>): Promise<void> {
  // Kept alive, a connection would outlive its last answer and hold up the close.
  for (const response of running) {
    if (!response.headersSent) response.setHeader('Connection', 'close');
  }
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_WITHIN_MS);
  await new Promise<void>((resolve) => {
    server.close(() => resolve()); // closes idle connections at once
  });
  clearTimeout(cut);
}
