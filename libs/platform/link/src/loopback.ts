import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { LinkFault } from './link-fault.ts';
import { type Link, openLink } from './open-link.ts';

/** For tests: a link to a server in this process, with real sockets. */
export interface Loopback extends AsyncDisposable {
  server: Server;
  link: Link;
  /** The faults that affected something, in this order. */
  affected: LinkFault[];
  /** Settles when the first fault affected something. */
  touched: Promise<void>;
  /** A client that connects to the link. */
  dial(): Side;
  /** A client, and the server's end of its connection; both have received from the other. */
  connected(): Promise<{ client: Side; far: Side }>;
  /** The server's end of the next connection. */
  accepted(): Promise<Side>;
}

/** One end of a connection. */
export interface Side {
  socket: Socket;
  /** How it closed: the code of its error, or `end`. */
  closed: Promise<string>;
  /** All text received so far. */
  received(): string;
  /** Settles when at least as much text as `wanted` has been received. */
  receives(wanted: string): Promise<void>;
  /** Settles when the other side has ended its direction. */
  ended(): Promise<void>;
}

export async function openLoopback(): Promise<Loopback> {
  const sockets: Socket[] = [];
  const affected: LinkFault[] = [];
  const touched = Promise.withResolvers<void>();
  const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const link = await openLink({
    name: 'client->server',
    target: { host: '127.0.0.1', port },
    random: () => 0.5,
    touched: (fault) => {
      affected.push(fault);
      touched.resolve();
    },
  });
  const side = (socket: Socket): Side => {
    sockets.push(socket);
    return listen(socket);
  };
  const dial = (): Side => side(connect({ host: link.host, port: link.port, allowHalfOpen: true }));
  const accepted = async (): Promise<Side> => {
    const [socket] = (await once(server, 'connection')) as [Socket];
    return side(socket);
  };
  const connected = async (): Promise<{ client: Side; far: Side }> => {
    const client = dial();
    const far = await accepted();
    await say(client, far, 'hello');
    await say(far, client, 'world');
    return { client, far };
  };
  const close = async (): Promise<void> => {
    await link.close();
    for (const socket of sockets) socket.destroy();
    if (server.listening) await once(server.close(), 'close');
  };
  const both = { dial, connected, accepted, [Symbol.asyncDispose]: close };
  return { server, link, affected, touched: touched.promise, ...both };
}

function listen(socket: Socket): Side {
  let text = '';
  let changed = Promise.withResolvers<void>();
  const change = (): void => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  socket.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1');
    change();
  });
  socket.on('end', change);
  const closed = new Promise<string>((resolve) => {
    let code = 'end';
    socket.on('error', (error: NodeJS.ErrnoException) => {
      code = error.code ?? '';
    });
    socket.once('close', () => resolve(code));
  });
  const until = async (fits: () => boolean): Promise<void> => {
    while (!fits()) await changed.promise;
  };
  return {
    socket,
    closed,
    received: () => text,
    receives: (wanted) => until(() => text.length >= wanted.length),
    ended: () => until(() => socket.readableEnded),
  };
}

/** Sends a text to the other side, and waits until exactly this text has arrived there. */
export async function say(from: Side, to: Side, words: string): Promise<void> {
  const wanted = to.received() + words;
  from.socket.write(words, 'latin1');
  await to.receives(wanted);
  if (to.received() !== wanted) throw new Error(`received ${to.received()}, not ${wanted}`);
}
