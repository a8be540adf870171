import type { EventName, RecordLine } from '@indoubt/record';
import { type EventLine, optionalWord, word } from '../../evidence/record/told-fields.ts';
import type { Told } from './sentence.ts';
import {
  chargeAnswered,
  chargeRequested,
  chargeUnanswered,
  holdMade,
  holdVoided,
  reconciled,
} from './tell-card.ts';
import { keyRefused, keyReplayed, keysReaped, keyTakenOver } from './tell-key.ts';
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
  breakerClosed,
  breakerHalfOpened,
  breakerOpened,
  clientRequest,
  clientResponse,
  failpointHit,
  faultHit,
  leaseTaken,
  messageFaultHit,
  processExited,
  processKilled,
  processPaused,
  processResumed,
  processStarted,
  serviceReady,
} from './tell-process.ts';
import {
  branchEnded,
  branchVoted,
  coordinatorSuperseded,
  decisionMade,
  decisionToldAgain,
  epochTaken,
  heuristicDamage,
  heuristicDecision,
  inDoubtAsked,
  orphanFound,
  transactionBegun,
  transactionEnded,
  voteReceived,
} from './tell-transaction.ts';

type Teller = (line: EventLine, isAgain: boolean) => Told;

const TELLERS: Record<EventName, Teller> = {
  'client-request': clientRequest,
  'client-response': clientResponse,
  'order-placed': orderPlaced,
  'order-ended': orderEnded,
  'saga-advanced': sagaAdvanced,
  'saga-asked-again': sagaAskedAgain,
  'answer-ignored': answerIgnored,
  'message-sent': messageSent,
  'message-received': messageReceived,
  'message-handled': messageHandled,
  'message-retried': messageRetried,
  'dead-lettered': deadLettered,
  'relay-retried': relayRetried,
  'lease-taken': leaseTaken,
  'failpoint-hit': failpointHit,
  'fault-hit': faultHit,
  'message-fault-hit': messageFaultHit,
  'process-killed': processKilled,
  'process-exited': processExited,
  'process-paused': processPaused,
  'process-resumed': processResumed,
  'process-started': processStarted,
  'service-ready': serviceReady,
  'transaction-begun': transactionBegun,
  'vote-received': voteReceived,
  'decision-made': decisionMade,
  'decision-told-again': decisionToldAgain,
  'transaction-ended': transactionEnded,
  'branch-voted': branchVoted,
  'branch-ended': branchEnded,
  'in-doubt-asked': inDoubtAsked,
  'orphan-found': orphanFound,
  'heuristic-decision': heuristicDecision,
  'heuristic-damage': heuristicDamage,
  'epoch-taken': epochTaken,
  'coordinator-superseded': coordinatorSuperseded,
  'key-replayed': keyReplayed,
  'key-refused': keyRefused,
  'key-taken-over': keyTakenOver,
  'keys-reaped': keysReaped,
  'charge-requested': chargeRequested,
  'charge-answered': chargeAnswered,
  'charge-unanswered': chargeUnanswered,
  'hold-made': holdMade,
  'hold-voided': holdVoided,
  reconciled,
  'breaker-opened': breakerOpened,
  'breaker-half-opened': breakerHalfOpened,
  'breaker-closed': breakerClosed,
};

/**
 * Turns one line of the record into a sentence.
 * @param isAgain  the same thing happened before in this run (`sameThing` says what that means)
 * @returns null for spans: they are the trace's, the events are the story; and for unknown events
 */
export function narrate(line: RecordLine, isAgain: boolean): Told | null {
  // An older or newer checkout may have written events that this one does not know.
  if (line.kind !== 'event' || !Object.hasOwn(TELLERS, line.event)) return null;
  return TELLERS[line.event](line, isAgain);
}

const MESSAGE_EVENTS: EventName[] = ['message-sent', 'message-received'];
const PROCESS_EVENTS: EventName[] = ['process-started', 'service-ready', 'lease-taken'];

const KEY_EVENTS: EventName[] = ['client-request', 'key-replayed', 'key-refused'];

/** One caller's key, and for what reason it was refused. */
function sameKey(line: EventLine): string | null {
  if (optionalWord(line, 'key') === null) return null;
  return [line.event, line['caller'], line['key'], line['code']].join(' ');
}

/** Names what a line is about, when seeing that a second time is news; null when it is not. */
export function sameThing(line: EventLine): string | null {
  const { event, process } = line;
  if (PROCESS_EVENTS.includes(event)) return `${event} ${actor(line)}`;
  if (event === 'epoch-taken') return event;
  if (KEY_EVENTS.includes(event)) return sameKey(line);
  if (event === 'decision-made') return `${event} ${line.orderId}`;
  if (!MESSAGE_EVENTS.includes(event)) return null;
  return `${event} ${process} ${word(line, 'topic')} ${word(line, 'messageId')}`;
}

/** Whose doing it is: the lab writes down the birth and death of the others in their name. */
export function actor(line: EventLine): string {
  const isOfAProcess = line.event.startsWith('process-');
  return isOfAProcess && typeof line['name'] === 'string' ? line['name'] : line.process;
}
