import type { EventLine } from '@indoubt/record';
import { orderLines } from '../../text/order-lines.ts';
import type { Told } from './sentence.ts';

/** @param isAgain  a request with this key was sent before */
export function clientRequest(line: EventLine<'client-request'>, isAgain: boolean): Told {
  const { method, path, customerId, lines } = line;
  const wants = `${customerId} wants ${orderLines(lines)}`;
  if (isAgain) return { text: `${method} ${path} again, same key: ${wants}`, mark: 'again' };
  return { text: `${method} ${path}: ${wants}`, mark: 'plain' };
}

export function clientResponse(line: EventLine<'client-response'>): Told {
  const { method, path, status, orderId } = line;
  const isDetail = method === 'GET'; // clients poll
  if (status === null) {
    const text = `${method} ${path}: no answer; it may have happened`;
    return { text, mark: 'in-doubt', isDetail };
  }
  const means = method === 'POST' ? MEANS_OF_AN_ORDER[status] : undefined;
  const isReplayed = method === 'POST' && line.replayed === true;
  if (means !== undefined && orderId !== undefined) {
    if (isReplayed) return { text: `answered ${status}, as the first time`, mark: 'again' };
    return { text: `answered ${status}, ${means.text} ${orderId}`, mark: means.mark };
  }
  const again = isReplayed ? ', as the first time' : '';
  const says = line.orderStatus ?? (method === 'POST' ? problemIn(line) : available(line));
  const answered = `${method} ${path} answered ${status}${again}`;
  const text = says === undefined ? answered : `${answered}: ${says}`;
  if (method === 'POST' && line.code === IN_USE) return { text, mark: 'in-doubt' };
  return { text, mark: status >= SERVER_OR_CLIENT_ERROR ? 'refused' : 'plain', isDetail };
}

const IN_USE = 'idempotency-key-in-use';

/** What a problem says, of those that an order is answered with. */
function problemIn({ code, retryAfterS }: { code?: Text; retryAfterS?: Text }): Text {
  if (code === undefined || retryAfterS === undefined) return code;
  return `${code}; Retry-After ${retryAfterS} s`;
}

type Text = string | undefined;

const SERVER_OR_CLIENT_ERROR = 400;

function available({ available: pieces }: { available?: number | undefined }): Text {
  return pieces === undefined ? undefined : `${pieces} available`;
}

/** What an answer that names an order says of it. */
const MEANS_OF_AN_ORDER: Record<number, Told> = {
  200: { text: 'decided:', mark: 'plain' },
  202: { text: 'accepted as', mark: 'plain' },
  503: { text: 'in doubt:', mark: 'in-doubt' },
};

export function failpointHit({ action, name, hit }: EventLine<'failpoint-hit'>): Told {
  const where = `${name} (hit ${hit})`;
  if (action === 'crash') return { text: `killed at ${where}`, mark: 'crash' };
  return { text: `${STRUCK[action] ?? action} at ${where}`, mark: 'trouble' };
}

const STRUCK: Record<string, string> = {
  error: 'failed on purpose',
  delay: 'delayed',
  pause: 'paused until it is released',
};

export function faultHit({ action, name, rule, hit }: EventLine<'fault-hit'>): Told {
  return { text: `${action} on ${name}: ${rule}`, mark: 'trouble', isDetail: hit > 1 };
}

export function messageFaultHit(line: EventLine<'message-fault-hit'>): Told {
  const { action, messageId, topic, offset } = line;
  return { text: `${action} of ${messageId} (${topic}, offset ${offset})`, mark: 'trouble' };
}

export function processKilled({ pid, signal }: EventLine<'process-killed'>): Told {
  return { text: `killed: process ${pid} is gone (${signal ?? 'SIGKILL'})`, mark: 'crash' };
}

export function processPaused({ pid }: EventLine<'process-paused'>): Told {
  const text = `paused: process ${pid} hangs, and does not know (SIGSTOP)`;
  return { text, mark: 'trouble' };
}

export function processResumed({ pid }: EventLine<'process-resumed'>): Told {
  const text = `resumed: process ${pid} goes on where it was (SIGCONT)`;
  return { text, mark: 'restart' };
}

export function processExited({ code, signal }: EventLine<'process-exited'>): Told {
  const text = `ended (${signal ?? `exit code ${code}`})`;
  const inOrder = code === 0 || signal === 'SIGTERM';
  return { text, mark: inOrder ? 'plain' : 'trouble', isDetail: inOrder };
}

/** @param isAgain  a process of this name was started before */
export function processStarted({ pid }: EventLine<'process-started'>, isAgain: boolean): Told {
  const text = `started${isAgain ? ' again' : ''}, process ${pid}`;
  return { text, mark: isAgain ? 'restart' : 'plain', isDetail: !isAgain };
}

/** @param isAgain  a process of this name was ready before */
export function serviceReady(_line: EventLine<'service-ready'>, isAgain: boolean): Told {
  const text = isAgain ? 'ready again' : 'ready';
  return { text, mark: isAgain ? 'restart' : 'plain', isDetail: !isAgain };
}

export function leaseTaken(_line: EventLine<'lease-taken'>, isAgain: boolean): Told {
  const text = `holds the lease of its outbox${isAgain ? ' again' : ''}: the one active relay`;
  return { text, mark: 'plain', isDetail: true };
}

export function breakerOpened({ target }: EventLine<'breaker-opened'>): Told {
  const text = `stops asking ${target}: too much of it failed (breaker open)`;
  return { text, mark: 'trouble' };
}

export function breakerHalfOpened({ target }: EventLine<'breaker-half-opened'>): Told {
  const text = `will ask ${target} once, to see (breaker half open)`;
  return { text, mark: 'plain', isDetail: true };
}

export function breakerClosed({ target }: EventLine<'breaker-closed'>): Told {
  return { text: `asks ${target} again (breaker closed)`, mark: 'restart' };
}
