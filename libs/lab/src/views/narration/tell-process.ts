import {
  type EventLine,
  optionalWord,
  orderLines,
  word,
} from '../../evidence/record/told-fields.ts';
import type { Told } from './sentence.ts';

/** @param isAgain  a request with this key was sent before */
export function clientRequest(line: EventLine, isAgain = false): Told {
  const request = `${word(line, 'method')} ${word(line, 'path')}`;
  const customer = optionalWord(line, 'customerId');
  const wants = customer === null ? '' : `: ${customer} wants ${orderLines(line['lines'])}`;
  const isDetail = line['method'] === 'GET';
  if (isAgain) return { text: `${request} again, same key${wants}`, mark: 'again', isDetail };
  return { text: `${request}${wants}`, mark: 'plain', isDetail };
}

export function clientResponse(line: EventLine): Told {
  const status = Number(line['status']);
  const means = line['method'] === 'POST' ? MEANS_OF_AN_ORDER[status] : undefined;
  const isReplayed = line['replayed'] === true;
  if (means !== undefined && typeof line.orderId === 'string') {
    if (isReplayed) return { text: `answered ${status}, as the first time`, mark: 'again' };
    const text = `answered ${status}, ${means.text} ${line.orderId}`;
    return { text, mark: means.mark };
  }
  const asked = `${word(line, 'method')} ${word(line, 'path')}`;
  const isDetail = line['method'] === 'GET'; // clients ask again and again
  if (line['status'] === null) {
    return { text: `${asked}: no answer; it may have happened`, mark: 'in-doubt', isDetail };
  }
  const again = isReplayed ? ', as the first time' : '';
  const says = optionalWord(line, 'orderStatus') ?? available(line) ?? problemTold(line);
  const text = `${asked} answered ${status}${again}${says === null ? '' : `: ${says}`}`;
  if (line['code'] === IN_USE) return { text, mark: 'in-doubt', isDetail };
  return { text, mark: status >= SERVER_OR_CLIENT_ERROR ? 'refused' : 'plain', isDetail };
}

const IN_USE = 'idempotency-key-in-use';

/** What a problem says, of those that an order is answered with. */
function problemTold(line: EventLine): string | null {
  const seconds = optionalWord(line, 'retryAfterS');
  const code = optionalWord(line, 'code');
  if (code === null || seconds === null) return code;
  return `${code}; Retry-After ${seconds} s`;
}

const SERVER_OR_CLIENT_ERROR = 400;

function available(line: EventLine): string | null {
  const pieces = optionalWord(line, 'available');
  return pieces === null ? null : `${pieces} available`;
}

/** What an answer that names an order says of it. */
const MEANS_OF_AN_ORDER: Record<number, Told> = {
  200: { text: 'decided:', mark: 'plain' },
  202: { text: 'accepted as', mark: 'plain' },
  503: { text: 'in doubt:', mark: 'in-doubt' },
};

export function failpointHit(line: EventLine): Told {
  const action = optionalWord(line, 'action') ?? 'crash';
  const where = `${word(line, 'name')} (hit ${word(line, 'hit')})`;
  if (action === 'crash') return { text: `killed at ${where}`, mark: 'crash' };
  return { text: `${STRUCK[action] ?? action} at ${where}`, mark: 'trouble' };
}

const STRUCK: Record<string, string> = {
  error: 'failed on purpose',
  delay: 'delayed',
  pause: 'paused until it is released',
};

export function faultHit(line: EventLine): Told {
  const text = `${word(line, 'action')} on ${word(line, 'name')}: ${word(line, 'rule')}`;
  return { text, mark: 'trouble', isDetail: Number(line['hit']) > 1 };
}

export function messageFaultHit(line: EventLine): Told {
  const place = `${word(line, 'topic')}, offset ${word(line, 'offset')}`;
  return {
    text: `${word(line, 'action')} of ${word(line, 'messageId')} (${place})`,
    mark: 'trouble',
  };
}

export function processKilled(line: EventLine): Told {
  const signal = optionalWord(line, 'signal') ?? 'SIGKILL';
  return { text: `killed: process ${word(line, 'pid')} is gone (${signal})`, mark: 'crash' };
}

export function processPaused(line: EventLine): Told {
  const text = `paused: process ${word(line, 'pid')} hangs, and does not know (SIGSTOP)`;
  return { text, mark: 'trouble' };
}

export function processResumed(line: EventLine): Told {
  const text = `resumed: process ${word(line, 'pid')} goes on where it was (SIGCONT)`;
  return { text, mark: 'restart' };
}

export function processExited(line: EventLine): Told {
  const code = optionalWord(line, 'code');
  const signal = optionalWord(line, 'signal');
  const text = `ended (${signal ?? `exit code ${code ?? '?'}`})`;
  const inOrder = code === '0' || signal === 'SIGTERM';
  return { text, mark: inOrder ? 'plain' : 'trouble', isDetail: inOrder };
}

/** @param isAgain  a process of this name was started before */
export function processStarted(line: EventLine, isAgain: boolean): Told {
  const text = `started${isAgain ? ' again' : ''}, process ${word(line, 'pid')}`;
  return { text, mark: isAgain ? 'restart' : 'plain', isDetail: !isAgain };
}

/** @param isAgain  a process of this name was ready before */
export function serviceReady(_line: EventLine, isAgain: boolean): Told {
  const text = isAgain ? 'ready again' : 'ready';
  return { text, mark: isAgain ? 'restart' : 'plain', isDetail: !isAgain };
}

export function leaseTaken(_line: EventLine, isAgain: boolean): Told {
  const text = `holds the lease of its outbox${isAgain ? ' again' : ''}: the one active relay`;
  return { text, mark: 'plain', isDetail: true };
}

export function breakerOpened(line: EventLine): Told {
  const text = `stops asking ${word(line, 'target')}: too much of it failed (breaker open)`;
  return { text, mark: 'trouble' };
}

export function breakerHalfOpened(line: EventLine): Told {
  const text = `will ask ${word(line, 'target')} once, to see (breaker half open)`;
  return { text, mark: 'plain', isDetail: true };
}

export function breakerClosed(line: EventLine): Told {
  return { text: `asks ${word(line, 'target')} again (breaker closed)`, mark: 'restart' };
}
