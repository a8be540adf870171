import type { EventLine, EventName, RecordLine } from '@indoubt/record';
import {
  chargeAnswered,
  chargeRequested,
  chargeUnanswered,
  holdMade,
  holdVoided,
  reconciled,
} from './narrate-card.ts';
import { keyRefused, keyReplayed, keysReaped, keyTakenOver } from './narrate-key.ts';
import {
  deadLettered,
  messageHandled,
  messageReceived,
  messageRetried,
  messageSent,
  relayRetried,
} from './narrate-message.ts';
import {
  answerIgnored,
  orderEnded,
  orderPlaced,
  sagaAdvanced,
  sagaCommandRetried,
} from './narrate-order.ts';
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
} from './narrate-process.ts';
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
} from './narrate-transaction.ts';
import type { Narration } from './sentence.ts';

/** Maps every event to its sentence; without an entry for each event this does not compile. */
type Narrators = { [N in EventName]: (line: EventLine<N>, isAgain: boolean) => Narration };

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
 * @param isAgain  an event with the same `repeatKey` came before in this run
 * @returns null for spans, which only the traces show
 */
export function narrate(line: RecordLine, isAgain: boolean): Narration | null {
  return line.kind === 'event' ? narrateEvent(line, isAgain) : null;
}

function narrateEvent<N extends EventName>(line: EventLine<N>, isAgain: boolean): Narration {
  const narrator: Narrators[N] = NARRATORS[line.event];
  return narrator(line, isAgain);
}

/** The subject of an event, for those events whose repetition gets a different sentence. */
const SUBJECTS: { [N in EventName]?: (line: EventLine<N>) => string | null } = {
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

/** Equal keys of two lines mean a repetition; null when repetitions get no different sentence. */
export function repeatKey<N extends EventName>(line: EventLine<N>): string | null {
  const subject = SUBJECTS[line.event]?.(line) ?? null;
  return subject === null ? null : `${line.event} ${subject}`;
}
