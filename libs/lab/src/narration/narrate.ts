import type { EventName, RecordLine } from '@indoubt/record';
import type { Told } from './sentence.ts';
import {
  deadLettered,
  messageHandled,
  messageReceived,
  messageRetried,
  messageSent,
  relayRetried,
} from './tell-message.ts';
import {
  answerIgnored,
  orderEnded,
  orderPlaced,
  sagaAdvanced,
  sagaAskedAgain,
} from './tell-order.ts';
import {
  clientRequest,
  clientResponse,
  failpointHit,
  leaseTaken,
  processExited,
  processKilled,
  processStarted,
  serviceReady,
} from './tell-process.ts';
import { type EventLine, word } from './told-fields.ts';

/**
 * Turns one line of the record into a sentence.
 * @param isAgain  the same thing happened before in this run (`sameThing` says what that means)
 * @returns null for spans: they are the trace's, the events are the story
 */
export function narrate(line: RecordLine, isAgain: boolean): Told | null {
  return line.kind === 'event' ? tell(line, isAgain) : null;
}

function tell(line: EventLine, isAgain: boolean): Told {
  switch (line.event) {
    case 'client-request':
      return clientRequest(line);
    case 'client-response':
      return clientResponse(line);
    case 'order-placed':
      return orderPlaced(line);
    case 'order-ended':
      return orderEnded(line);
    case 'saga-advanced':
      return sagaAdvanced(line);
    case 'saga-asked-again':
      return sagaAskedAgain(line);
    case 'answer-ignored':
      return answerIgnored(line);
    case 'message-sent':
      return messageSent(line, isAgain);
    case 'message-received':
      return messageReceived(line, isAgain);
    case 'message-handled':
      return messageHandled(line);
    case 'message-retried':
      return messageRetried(line);
    case 'dead-lettered':
      return deadLettered(line);
    case 'relay-retried':
      return relayRetried(line);
    case 'lease-taken':
      return leaseTaken(isAgain);
    case 'failpoint-hit':
      return failpointHit(line);
    case 'process-killed':
      return processKilled(line);
    case 'process-exited':
      return processExited(line);
    case 'process-started':
      return processStarted(line, isAgain);
    case 'service-ready':
      return serviceReady(isAgain);
  }
}

const MESSAGE_EVENTS: EventName[] = ['message-sent', 'message-received'];
const PROCESS_EVENTS: EventName[] = ['process-started', 'service-ready', 'lease-taken'];

/** Names what a line is about, when seeing that a second time is news; null when it is not. */
export function sameThing(line: EventLine): string | null {
  const { event, process } = line;
  if (PROCESS_EVENTS.includes(event)) return `${event} ${actor(line)}`;
  if (!MESSAGE_EVENTS.includes(event)) return null;
  return `${event} ${process} ${word(line, 'topic')} ${word(line, 'messageId')}`;
}

/** Whose doing it is: the lab writes down the birth and death of the others in their name. */
export function actor(line: EventLine): string {
  const isOfAProcess = line.event.startsWith('process-');
  return isOfAProcess && typeof line['name'] === 'string' ? line['name'] : line.process;
}
