import type { EventLine } from '@indoubt/record';
import { orderLines } from '../../text/order-lines.ts';
import type { Narration } from './sentence.ts';

/** @param isAgain  a request with this key was sent before */
export function clientRequest(line: EventLine<'client-request'>, isAgain: boolean): Narration {
  const { method, path, customerId, lines } = line;
  const wants = `${customerId} wants ${orderLines(lines)}`;
  if (isAgain) return { text: `${method} ${path} again, same key: ${wants}`, mark: 'again' };
  return { text: `${method} ${path}: ${wants}`, mark: 'plain' };
}

export function clientResponse(line: EventLine<'client-response'>): Narration {
  const { method, path, status, orderId } = line;
  const isDetail = method === 'GET'; // clients poll
  if (status === null) {
    const text = `${method} ${path}: no answer; the request may have taken effect`;
    return { text, mark: 'in-doubt', isDetail };
  }
  const means = method === 'POST' ? MEANS_OF_AN_ORDER[status] : undefined;
  const isReplayed = method === 'POST' && line.replayed === true;
  if (means !== undefined && orderId !== undefined) {
    if (isReplayed) return { text: `answered ${status}${REPLAYED}`, mark: 'again' };
    return { text: `answered ${status}, ${means.text} ${orderId}`, mark: means.mark };
  }
  const again = isReplayed ? REPLAYED : '';
  const says = line.orderStatus ?? (method === 'POST' ? problemIn(line) : available(line));
  const answered = `${method} ${path} answered ${status}${again}`;
  const text = says === undefined ? answered : `${answered}: ${says}`;
  if (method === 'POST' && line.code === IN_USE) return { text, mark: 'in-doubt' };
  return { text, mark: status >= SERVER_OR_CLIENT_ERROR ? 'refused' : 'plain', isDetail };
}

const REPLAYED = ' (the first answer again)';
const IN_USE = 'idempotency-key-in-use';

/** The code of a problem and, where it has one, its Retry-After. */
function problemIn({ code, retryAfterS }: { code?: Text; retryAfterS?: Text }): Text {
  if (code === undefined || retryAfterS === undefined) return code;
  return `${code}; Retry-After ${retryAfterS} s`;
}

type Text = string | undefined;

const SERVER_OR_CLIENT_ERROR = 400;

function available({ available: pieces }: { available?: number | undefined }): Text {
  return pieces === undefined ? undefined : `${pieces} available`;
}

/** What each status means in an answer that names an order. */
const MEANS_OF_AN_ORDER: Record<number, Narration> = {
  200: { text: 'decided:', mark: 'plain' },
  202: { text: 'accepted as', mark: 'plain' },
  503: { text: 'in doubt:', mark: 'in-doubt' },
};

export function failpointHit({ action, name, hit }: EventLine<'failpoint-hit'>): Narration {
  const where = `${name} (hit ${hit})`;
  if (action === 'crash') return { text: `killed at ${where}`, mark: 'crash' };
  return { text: `${STRUCK[action] ?? action} at ${where}`, mark: 'trouble' };
}

const STRUCK: Record<string, string> = {
  error: 'failed on purpose',
  delay: 'delayed',
  pause: 'paused until it is released',
};

export function faultHit({ action, name, rule, hit }: EventLine<'fault-hit'>): Narration {
  return { text: `${action} on ${name}: ${rule}`, mark: 'trouble', isDetail: hit > 1 };
}

export function messageFaultHit(line: EventLine<'message-fault-hit'>): Narration {
  const { action, messageId, topic, offset } = line;
  return { text: `${action} of ${messageId} (${topic}, offset ${offset})`, mark: 'trouble' };
}

export function processKilled({ pid, signal }: EventLine<'process-killed'>): Narration {
  return { text: `killed: process ${pid} is gone (${signal ?? 'SIGKILL'})`, mark: 'crash' };
}

export function processPaused({ pid }: EventLine<'process-paused'>): Narration {
  const text = `paused: process ${pid} hangs (SIGSTOP)`;
  return { text, mark: 'trouble' };
}

export function processResumed({ pid }: EventLine<'process-resumed'>): Narration {
  const text = `resumed: process ${pid} continues (SIGCONT)`;
  return { text, mark: 'restart' };
}

export function processExited({ code, signal }: EventLine<'process-exited'>): Narration {
  const text = `ended (${signal ?? `exit code ${code}`})`;
  const inOrder = code === 0 || signal === 'SIGTERM';
  return { text, mark: inOrder ? 'plain' : 'trouble', isDetail: inOrder };
}

/** @param isAgain  a process of this name was started before */
export function processStarted({ pid }: EventLine<'process-started'>, isAgain: boolean): Narration {
  const text = `started${isAgain ? ' again' : ''}, process ${pid}`;
  return { text, mark: isAgain ? 'restart' : 'plain', isDetail: !isAgain };
}

/** @param isAgain  a process of this name was ready before */
export function serviceReady(_line: EventLine<'service-ready'>, isAgain: boolean): Narration {
  const text = isAgain ? 'ready again' : 'ready';
  return { text, mark: isAgain ? 'restart' : 'plain', isDetail: !isAgain };
}

export function leaseTaken(_line: EventLine<'lease-taken'>, isAgain: boolean): Narration {
  const text = `holds the lease of its outbox${isAgain ? ' again' : ''}: the only active relay`;
  return { text, mark: 'plain', isDetail: true };
}

export function breakerOpened({ target }: EventLine<'breaker-opened'>): Narration {
  const text = `breaker to ${target} opens: too many requests failed`;
  return { text, mark: 'trouble' };
}

export function breakerHalfOpened({ target }: EventLine<'breaker-half-opened'>): Narration {
  const text = `breaker to ${target} is half open: the next request is a trial`;
  return { text, mark: 'plain', isDetail: true };
}

export function breakerClosed({ target }: EventLine<'breaker-closed'>): Narration {
  return { text: `breaker to ${target} closes: requests are sent again`, mark: 'restart' };
}
