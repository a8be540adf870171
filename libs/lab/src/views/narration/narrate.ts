import type { EventLine, EventName, RecordLine } from '@indoubt/record';
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
  sagaCommandRetried,
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
  decisionResent,
  epochTaken,
  heuristicDamage,
  heuristicDecision,
  orphanFound,
  outcomeRequested,
  transactionBegun,
  transactionEnded,
  voteReceived,
} from './tell-transaction.ts';

/** A sentence for every event: TypeScript demands it. */
type Narrators = { [N in EventName]: (line: EventLine<N>, isAgain: boolean) => Told };

const NARRATORS: Narrators = {
  'client-request': clientRequest,
  'client-response': clientResponse,
  'order-placed': orderPlaced,
  'order-ended': orderEnded,
  'saga-advanced': sagaAdvanced,
  'saga-command-retried': sagaCommandRetried,
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
  'decision-resent': decisionResent,
  'transaction-ended': transactionEnded,
  'branch-voted': branchVoted,
  'branch-ended': branchEnded,
  'outcome-requested': outcomeRequested,
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
 * @returns null for spans: they are the trace's, the events are the story
 */
export function narrate(line: RecordLine, isAgain: boolean): Told | null {
  return line.kind === 'event' ? narrateEvent(line, isAgain) : null;
}

function narrateEvent<N extends EventName>(line: EventLine<N>, isAgain: boolean): Told {
  const narrator: Narrators[N] = NARRATORS[line.event];
  return narrator(line, isAgain);
}

/** What an event is about, for those events of which a second one is news. */
const ABOUT: { [N in EventName]?: (line: EventLine<N>) => string | null } = {
  'process-started': ({ process }) => process,
  'service-ready': ({ process }) => process,
  'lease-taken': ({ process }) => process,
  'epoch-taken': () => '',
  'decision-made': ({ orderId }) => orderId,
  'message-sent': ({ process, topic, messageId }) => `${process} ${topic} ${messageId}`,
  'message-received': ({ process, topic, messageId }) => `${process} ${topic} ${messageId}`,
  'client-request': ({ caller, key }) => (key === null ? null : `${caller} ${key}`),
  'key-replayed': ({ key }) => key,
  'key-refused': ({ key, code }) => `${key} ${code}`,
};

/** Names what a line is about, when seeing that a second time is news; null when it is not. */
export function sameThing<N extends EventName>(line: EventLine<N>): string | null {
  const about = ABOUT[line.event]?.(line) ?? null;
  return about === null ? null : `${line.event} ${about}`;
}
