import { scaled } from '../runner/slowness.ts';

interface Target {
  webSocketDebuggerUrl: string;
}

interface Reply {
  id: number;
  result?: { result?: { value?: unknown } };
}

/** The address of Node's inspector, which a process opens on SIGUSR1. */
const INSPECTOR = 'http://127.0.0.1:9229/json/list';
const WITHIN_MS = scaled(10_000);

/**
 * The live heap of a Node process, in bytes, after a full garbage collection. Resident memory would
 * not show a leak: it includes garbage that is not collected yet. Only one process at a time can be
 * inspected, since the inspector has a fixed port.
 */
export async function liveHeap(pid: number): Promise<number> {
  process.kill(pid, 'SIGUSR1');
  const socket = new WebSocket(await debuggerUrl());
  try {
    await opened(socket);
    const send = requestsOn(socket);
    await send('HeapProfiler.collectGarbage');
    const expression = 'process.memoryUsage().heapUsed + process.memoryUsage().external';
    const { result } = await send('Runtime.evaluate', { expression, returnByValue: true });
    const value = result?.result?.value;
    if (typeof value !== 'number') throw new Error('the reply of the inspector has no heap size');
    return value;
  } finally {
    socket.close();
  }
}

async function debuggerUrl(): Promise<string> {
  const until = performance.now() + WITHIN_MS;
  for (;;) {
    const answer = await fetch(INSPECTOR).catch(() => undefined);
    const [target] = answer === undefined ? [] : ((await answer.json()) as Target[]);
    if (target !== undefined) return target.webSocketDebuggerUrl;
    if (performance.now() > until) throw new Error('the inspector did not open');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true });
    socket.addEventListener('error', () => reject(new Error('no inspector')), { once: true });
  });
}

function requestsOn(socket: WebSocket) {
  let last = 0;
  return (method: string, params: object = {}) => {
    last += 1;
    const id = last;
    return new Promise<Reply>((resolve) => {
      const onMessage = ({ data }: MessageEvent) => {
        const reply = JSON.parse(String(data)) as Reply;
        if (reply.id !== id) return;
        socket.removeEventListener('message', onMessage);
        resolve(reply);
      };
      socket.addEventListener('message', onMessage);
      socket.send(JSON.stringify({ id, method, params }));
    });
  };
}
