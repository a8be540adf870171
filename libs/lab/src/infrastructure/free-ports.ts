import getPort from 'get-port';

// Below Linux's ephemeral ports (32768 and up), so that no outgoing connection takes a port between
// our check and the server's bind. Above the ports that common servers use.
const FIRST_PORT = 20_000;
const LAST_PORT = 31_999;

/** Every port of the range once: from `start` to the end, then from the beginning. */
export function* portsFrom(start: number): Generator<number> {
  for (let port = start; port <= LAST_PORT; port++) yield port;
  for (let port = FIRST_PORT; port < start; port++) yield port;
}

/**
 * Finds free ports on 127.0.0.1. Each call starts at a random port, because two labs that search at
 * the same moment would otherwise find the same ports. A server may still lose the race for its
 * port. Then the caller tries again with other ports.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  while (ports.length < count) {
    const start = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT + 1));
    ports.push(await getPort({ host: '127.0.0.1', port: portsFrom(start), exclude: ports }));
  }
  return ports;
}
