import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type Connection, connectOn, resetSocket, type Target } from './connection.ts';
import { createDirection } from './direction.ts';
import { assertFaults, type LinkFault } from './link-fault.ts';

/** A named path for connections between two processes, such as `payment->payments-db`. */
export interface Link {
  name: string;
  /** The address that clients use instead of that of the target. */
  host: string;
  port: number;
  /** Replaces the faults of the link; an empty list ends all faults. */
  set(faults: readonly LinkFault[]): void;
  /** Resets open connections and stops listening; settles when no socket is left. */
  close(): Promise<void>;
}

export interface LinkOptions {
  name: string;
  target: Target;
  /** Numbers in [0, 1), for the jitter. */
  random: () => number;
  /** Called once for each fault that was set, when it affects something for the first time. */
  touched: (fault: LinkFault) => void;
}

const HOST = '127.0.0.1';

/**
 * Opens a link: a TCP proxy in the process of its owner, on a free port of this machine. A link
 * does not keep its process alive. The idea is that of Toxiproxy (github.com/Shopify/toxiproxy),
 * but without another process.
 */
export async function openLink({ name, target, random, touched }: LinkOptions): Promise<Link> {
  const connections = new Set<Connection>();
  const touch = onceEach(touched);
  const directions = {
    out: createDirection({ direction: 'out', random, touched: touch }),
    in: createDirection({ direction: 'in', random, touched: touch }),
  };
  let cuts: LinkFault[] = [];
  const refuse = (near: Socket): void => {
    near.on('error', () => undefined);
    resetSocket(near);
    for (const cut of cuts) touch(cut);
  };
  const server = await listen((near) => {
    if (cuts.length > 0) return refuse(near);
    const connection = connectOn(near, target, directions);
    connections.add(connection);
    void connection.closed.then(() => connections.delete(connection));
  });
  const resetAll = async (): Promise<void> => {
    for (const { reset } of connections) reset();
    await Promise.all([...connections].map(({ closed }) => closed));
  };
  const set = (faults: readonly LinkFault[]): void => {
    assertFaults(faults);
    cuts = faults.filter(({ action }) => action === 'cut');
    directions.out.set(faults);
    directions.in.set(faults);
    for (const { resume, reset } of connections) {
      if (cuts.length === 0) resume();
      else reset();
    }
    if (connections.size > 0) for (const cut of cuts) touch(cut);
  };
  const close = async (): Promise<void> => {
    const closed = server.listening ? once(server, 'close') : null;
    server.close();
    await resetAll();
    await closed;
  };
  return { name, host: HOST, port: (server.address() as AddressInfo).port, set, close };
}

async function listen(accept: (near: Socket) => void): Promise<Server> {
  // The end of each direction is passed on alone, so the other direction must stay open.
  const server = createServer({ allowHalfOpen: true, noDelay: true }, accept);
  server.listen(0, HOST);
  await once(server, 'listening');
  server.unref();
  server.on('error', () => undefined); // a client could not be accepted, and gets an error itself
  return server;
}

/** Passes each fault on once, even if it is set again together with other faults. */
function onceEach(touched: LinkOptions['touched']) {
  const passed = new WeakSet<LinkFault>();
  return (fault: LinkFault): void => {
    if (passed.has(fault)) return;
    passed.add(fault);
    touched(fault);
  };
}
