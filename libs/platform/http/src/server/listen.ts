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
  /** The port in use, also when `ListenOptions.port` is 0. */
  port: number;
  /**
   * Accepts no more connections, waits at most `DRAIN_WITHIN_MS` for running requests, and closes
   * all connections.
   */
  close(): Promise<void>;
}

export interface ListenOptions {
  host: string;
  /** 0 for any free port. */
  port: number;
  /** How long the whole request, or its headers, may take to arrive. Milliseconds. */
  requestWithinMs?: number;
  headersWithinMs?: number;
}

// A client that sends its request this slowly is broken or hostile.
const REQUEST_WITHIN_MS = 10_000;
const HEADERS_WITHIN_MS = 5_000;
/** How often these times are checked; with Node's half minute slow requests would pile up. */
const CHECK_EVERY_MS = 1_000;
// Twice the longest wait that a client may request (`Prefer: wait`): a connection without traffic
// for that long is dead.
const SILENT_WITHIN_MS = 60_000;
// Longer than clients keep idle connections (undici: 4 s): a request that is sent while the server
// closes its connection is lost.
const KEEP_ALIVE_MS = 10_000;
const DRAIN_WITHIN_MS = 3_000;
/** Further connections are closed at once: each costs memory and a file descriptor. */
const CONNECTIONS_MAX = 4_000;
const HEAD_BYTES_MAX = 16 * 1024;

/**
 * Serves `app` over HTTP/1.1. Bytes that are not an HTTP request are answered with a problem, too.
 * @throws the system's error (EADDRINUSE, EACCES) when the port cannot be opened
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
  // The app itself sends 100 Continue when it is about to read the body, and refuses any other
  // value of Expect.
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
    connectionsCheckingInterval: Math.min(CHECK_EVERY_MS, headersWithinMs),
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: HEAD_BYTES_MAX,
    requireHostHeader: false, // checkHead requires it, and answers with a problem
  };
}

async function drain(server: Server, running: ReadonlySet<ServerResponse>): Promise<void> {
  // A connection that stays open after its answer would delay the close.
  for (const response of running) {
    if (!response.headersSent) response.setHeader('Connection', 'close');
  }
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_WITHIN_MS);
  await new Promise<void>((resolve) => {
    server.close(() => resolve()); // closes idle connections at once
  });
  clearTimeout(cut);
}
