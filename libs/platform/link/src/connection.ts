import { Socket } from 'node:net';
import type { Direction } from './direction.ts';
import { startPump } from './pump.ts';

export interface Target {
  host: string;
  port: number;
}

/** A connection through a link: the socket of the client, and the socket to the target. */
export interface Connection {
  /** Continues under the present faults, after they have changed. */
  resume(): void;
  /** Ends the connection with a RST to both sides. */
  reset(): void;
  /** Settles when both sockets are closed. */
  closed: Promise<unknown>;
}

/**
 * Connects a client to the target: at once, or when no blackhole blocks the link any more. The
 * client of a target that refuses is reset, since the link has accepted the client before.
 */
export function connectOn(
  near: Socket,
  target: Target,
  directions: { out: Direction; in: Direction },
): Connection {
  const far = new Socket({ allowHalfOpen: true }).setNoDelay();
  let isDialled = false;
  const out = startPump({
    source: near,
    sink: far,
    direction: directions.out,
    isOpen: () => isDialled,
  });
  const back = startPump({ source: far, sink: near, direction: directions.in, isOpen: () => true });
  const nearEnd = watch(near, far, directions.out);
  const farEnd = watch(far, near, directions.in);

  const dial = (): void => {
    if (isDialled || near.destroyed) return;
    const blocked = [directions.out, directions.in].filter((each) => each.isBlocked());
    for (const direction of blocked) direction.recordBlocked(); // no SYN or no answer arrives
    if (blocked.length > 0) return;
    isDialled = true;
    far.connect(target);
  };
  const resume = (): void => {
    dial();
    nearEnd.passOn();
    farEnd.passOn();
    out.resume();
    back.resume();
  };
  const stop = (): void => {
    out.stop();
    back.stop();
  };
  const closed = Promise.all([nearEnd.closed, farEnd.closed]).finally(stop);
  const reset = (): void => {
    resetSocket(near);
    resetSocket(far);
  };
  dial();
  return { resume, reset, closed };
}

interface End {
  /** Resets the other socket, if this socket is lost and the direction lets a RST through. */
  passOn(): void;
  closed: Promise<void>;
}

/** Resets the other socket when this socket is lost. */
function watch(socket: Socket, other: Socket, direction: Direction): End {
  let isLost = false;
  const passOn = (): void => {
    if (!isLost) return;
    if (direction.isBlocked() && !other.destroyed) direction.recordBlocked();
    else resetSocket(other);
  };
  socket.unref(); // a link must not keep its process alive
  socket.on('error', () => undefined); // 'close' follows, and resets the other side
  const closed = new Promise<void>((resolve) => {
    socket.once('close', () => {
      // After a regular end of both directions nothing is lost: the pump carries the ends.
      isLost = !(socket.readableEnded && socket.writableFinished);
      passOn();
      resolve();
    });
  });
  return { passOn, closed };
}

/** Sends a RST if the socket is connected; else closes the socket. */
export function resetSocket(socket: Socket): void {
  // Node would wait until a socket that is still connecting is connected, and reset it then.
  if (socket.connecting || socket.pending) socket.destroy();
  else if (!socket.destroyed) socket.resetAndDestroy();
}
