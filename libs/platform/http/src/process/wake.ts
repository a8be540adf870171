import { createSocket, type Socket } from 'node:dgram';

export interface Waker {
  /**
   * Sends a hint at the end of this tick; several calls in one tick send one hint. Never throws or
   * waits.
   */
  wake(): void;
  close(): void;
}

export interface WakeListener {
  port: number;
  close(): Promise<void>;
}

const HINT = Buffer.of(1);

/**
 * Wakes relays after a commit that added rows to their outbox: one UDP datagram to each relay,
 * without an answer. A NOTIFY in the business transaction would do the same, but it takes a lock
 * for the whole server at commit, and a prepared transaction refuses it. A lost hint only delays
 * the messages by one polling interval, so every error is ignored by design.
 * @param targets `host:port`, as `hostPorts` reads them; without targets wake() does nothing
 */
export function createWaker(targets: readonly string[]): Waker {
  if (targets.length === 0) return { wake: () => undefined, close: () => undefined };
  const addresses = targets.map((target) => target.split(':') as [string, string]);
  const socket = createSocket('udp4').unref();
  socket.on('error', () => undefined);
  let due = false;
  let open = true;
  const send = () => {
    due = false;
    if (!open) return;
    for (const [host, port] of addresses) socket.send(HINT, Number(port), host, () => undefined);
  };
  return {
    wake() {
      if (due || !open) return;
      due = true;
      setImmediate(send);
    },
    close() {
      if (!open) return;
      open = false;
      socket.close();
    },
  };
}

/**
 * Calls `onWake` for each hint. Hints may be lost, doubled or late: poll as well.
 * @param port 0 for any free port
 * @throws the system's error (EADDRINUSE, EACCES) when the port cannot be opened
 */
export async function listenForWake(
  { host, port }: { host: string; port: number },
  onWake: () => void,
): Promise<WakeListener> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject).bind(port, host, () => {
      socket.off('error', reject);
      resolve();
    });
  });
  socket.on('error', () => undefined); // an error loses a hint, which is allowed
  socket.on('message', () => onWake());
  return { port: socket.address().port, close: () => closed(socket) };
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.close(() => resolve());
  });
}
