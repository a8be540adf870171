import getPort from 'get-port';

// Below Linux's ephemeral ports (32768 and up), so that no outgoing connection takes one between
// our look and the server's bind; above what people's own servers use.
const FIRST_PORT = 20_000;
const LAST_PORT = 31_999;

/** All ports of the range once, from `start` on, around the end. */
export function* portsFrom(start: number): Generator<number> {
  for (let port = start; port <= LAST_PORT; port++) yield port;
  for (let port = FIRST_PORT; port < start; port++) yield port;
}

/**
 * Finds ports on 127.0.0.1 that nothing listens on. Each call starts at a random place, because two
 * labs that look at the same moment would else find the same ones. The server may still lose the
 * race for its port: its caller tries again with others.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const start = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT + 1));
    ports.push(await getPort({ host: '127.0.0.1', port: portsFrom(start), exclude: ports }));
  }
  return ports;
}
