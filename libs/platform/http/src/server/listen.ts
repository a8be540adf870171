import {
  createServer,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { HEADERS_READ_MAX } from './check-head.ts';
import { refuseConnection } from './refuse-connection.ts';

export interface Listening {
  /** The port in use, also when 0 was asked for. */
  port: number;
  /**
   * Stops accepting, lets running requests finish, for at most `DRAIN_WITHIN_MS`, then cuts them.
   */
  close(): Promise<void>;
}

export interface ListenOptions {
  host: string;
  /** 0 for any free one. */
  port: number;
  /** How long a request may take to arrive: all of it, and its head. Milliseconds. */
  requestWithinMs?: number;
  headersWithinMs?: number;
}

// A client that sends its request this slowly is broken or hostile.
const REQUEST_WITHIN_MS = 10_000;
const HEADERS_WITHIN_MS = 5_000;
/** How often that is looked at; Node's own half minute would let slow ones pile up. */
const LOOK_EVERY_MS = 1_000;
// Twice as long as anybody may ask to wait (`Prefer: wait`): who reads nothing for that long has
// gone.
const SILENT_WITHIN_MS = 60_000;
// Longer than clients keep idle connections (undici: 4 s): a server that hangs up first loses
// requests.
const KEEP_ALIVE_MS = 10_000;
const DRAIN_WITHIN_MS = 3_000;
/** Beyond that, connections are closed at once: each costs memory and a file descriptor. */
const CONNECTIONS_MAX = 4_000;
const HEAD_BYTES_MAX = 16 * 1024;

/**
 * Serves `app` over HTTP/1.1. What is no request is answered with a problem, too.
 * @throws what the system says (EADDRINUSE, EACCES) when the port cannot be had
 */
export async function listen(app: RequestListener, options: ListenOptions): Promise<Listening> {
  const { host, port } = options;
  const running = new Set<ServerResponse>();
  const server = createServer(serverOptions(options));
  const serve: RequestListener = (request, response) => {
    running.add(response);
    response.once('close', () => running.delete(response));
    if (!server.listening) response.setHeader('Connection', 'close');
    app(request, response);
  };
  // The app itself tells who expects a 100 to go on, once it wants the body; and who expects
  // something else, that it cannot be had.
  server.on('request', serve).on('checkContinue', serve).on('checkExpectation', serve);
  server.on('clientError', (error, socket) => refuseConnection(error, socket, running));
  server.maxHeadersCount = HEADERS_READ_MAX;
  server.maxConnections = CONNECTIONS_MAX;
  server.setTimeout(SILENT_WITHIN_MS);
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

function serverOptions({
  requestWithinMs = REQUEST_WITHIN_MS,
  headersWithinMs = HEADERS_WITHIN_MS,
}: ListenOptions): ServerOptions {
  return {
    requestTimeout: requestWithinMs,
    headersTimeout: headersWithinMs,
    connectionsCheckingInterval: Math.min(LOOK_EVERY_MS, headersWithinMs),
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: HEAD_BYTES_MAX,
    requireHostHeader: false, // checkHead does that, and says so
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
