import type { EventLine } from '@indoubt/record';
import { count } from '../../text/count.ts';
import { duration } from '../../text/duration.ts';
import type { Told } from './sentence.ts';

export function transactionBegun(line: EventLine<'transaction-begun'>): Told {
  const { participants, branches, presume } = line;
  const text = `begins: ${list(participants)} (${branches}, presume ${presume})`;
  return { text, mark: 'plain' };
}

export function voteReceived({ from, vote, reason }: EventLine<'vote-received'>): Told {
  const why = reason === null ? '' : `, ${reason}`;
  const mark = vote === 'no' ? 'refused' : 'plain';
  return { text: `has the vote of ${from}: ${vote}${why}`, mark, isDetail: true };
}

/** @param isAgain  it was decided before, and a new coordinator has found that in its log */
export function decisionMade(line: EventLine<'decision-made'>, isAgain: boolean): Told {
  const { decision, reason, durable, participants } = line;
  if (isAgain) {
    return { text: `its log says ${decision}: tells ${list(participants)}`, mark: 'restart' };
  }
  const isCommit = decision === 'commit';
  if (isCommit && durable) {
    return { text: 'decides commit: durable, from here it cannot change', mark: 'good' };
  }
  const decides = `decides ${decision}${reason === null ? '' : `: ${reason}`}`;
  return { text: `${decides} (${inTheLog(line)})`, mark: isCommit ? 'good' : 'refused' };
}

function inTheLog({ durable, participants }: EventLine<'decision-made'>): string {
  if (durable) return 'durable: nothing is presumed';
  if (participants.length === 0) return 'nobody is left to be told';
  return 'nothing written: presumed abort';
}

export function decisionResent({ to, decision, attempt }: EventLine<'decision-resent'>): Told {
  const tells =
    decision === null
      ? `asks ${to} again to commit in one phase`
      : `tells ${decision} again to ${to}`;
  // The record counts the attempt that got no answer.
  return { text: `${tells}, time ${attempt + 1}`, mark: 'again' };
}

export function transactionEnded({ decision }: EventLine<'transaction-ended'>): Told {
  const text = `transaction ended: ${decision}, nobody is left to be told`;
  return { text, mark: 'plain', isDetail: true };
}

export function branchVoted(line: EventLine<'branch-voted'>): Told {
  const { vote, reason, repeated } = line;
  const took = `(${duration(line.tookMs)})`;
  if (vote === 'no') {
    const isLate = reason === 'transaction-aborted';
    const why = isLate ? 'the abort came before this prepare' : (reason ?? 'no reason given');
    return { text: `votes no: ${why}`, mark: 'refused' };
  }
  if (vote === 'read-only') {
    return { text: `votes read-only: wrote nothing, needs no phase two ${took}`, mark: 'plain' };
  }
  if (repeated) {
    return {
      text: `votes ${vote} again: prepared before, no second effect ${took}`,
      mark: 'again',
    };
  }
  return { text: `votes ${vote}: prepared ${took}`, mark: 'plain' };
}

export function branchEnded(line: EventLine<'branch-ended'>): Told {
  const { decision, how, heldMs } = line;
  const commits = decision === 'commit';
  if (how === 'already') {
    const text = `told again: its branch is ${commits ? 'committed' : 'rolled back'} already`;
    // The order service took part and also asked: it is told twice of every transaction.
    return { text, mark: 'again', isDetail: line.process === 'order' };
  }
  if (how === 'tombstone') {
    return { text: 'an abort with nothing prepared: leaves a tombstone', mark: 'plain' };
  }
  if (how === 'one-phase') {
    return { text: 'commits its branch in one phase: that is the decision', mark: 'plain' };
  }
  // A branch that another process had prepared was measured by nobody.
  const held = heldMs === null ? '' : `; locks held ${duration(heldMs)}`;
  const text = `${commits ? 'commits its branch' : 'rolls its branch back'}${held}`;
  return { text, mark: 'plain' };
}

export function outcomeRequested(line: EventLine<'outcome-requested'>): Told {
  const { decision, reason = 'no reason given', ageMs } = line;
  if (decision === 'unknown') {
    const text = `in doubt: no coordinator answers (${reason}); the locks stay`;
    return { text, mark: 'in-doubt' };
  }
  const says = decision === 'undecided' ? 'which has not decided' : `which says ${decision}`;
  const text = `in doubt for ${duration(ageMs)}: asks the coordinator, ${says}`;
  return { text, mark: 'in-doubt' };
}

export function orphanFound({ gid, ageMs }: EventLine<'orphan-found'>): Told {
  const what = `${gid}, prepared ${duration(ageMs)} ago`;
  const text = `orphan: ${what}, is not ours: an operator must look`;
  return { text, mark: 'trouble' };
}

/** An operator's doing, not a participant's: those never guess. */
export function heuristicDecision(line: EventLine<'heuristic-decision'>): Told {
  const { gid, decision, orderId } = line;
  // Of ours, the reader knows the order: LAB/SERVICE/TRANSACTION says more than is needed.
  const service = orderId !== undefined ? gid.split('/')[1] : undefined;
  const what = service === undefined ? gid : `the branch of ${service}`;
  const does = decision === 'commit' ? `commits ${what}` : `rolls ${what} back`;
  return { text: `heuristic decision: ${does}, by hand`, mark: 'trouble' };
}

export function heuristicDamage({ decision, applied }: EventLine<'heuristic-damage'>): Told {
  const is = applied === 'commit' ? 'committed' : 'rolled back';
  const text = `heuristic damage: told ${decision}, but its branch is ${is} for good`;
  return { text, mark: 'trouble' };
}

/** @param isAgain  another coordinator, or an earlier life of this one, had an epoch before */
export function epochTaken(line: EventLine<'epoch-taken'>, isAgain: boolean): Told {
  const { epoch, recovered } = line;
  const log =
    recovered > 0 ? `its log leaves ${count(recovered, 'transaction')} to end` : NOTHING_LEFT;
  const text = `takes epoch ${epoch}; ${log}`;
  return { text, mark: isAgain ? 'restart' : 'plain', isDetail: !isAgain };
}

const NOTHING_LEFT = 'nothing is left open in its log';

export function coordinatorSuperseded({ pid }: EventLine<'coordinator-superseded'>): Told {
  const who = `process ${pid}`;
  const text = `superseded by a newer epoch: ${who} decides nothing any more`;
  return { text, mark: 'trouble' };
}

function list(participants: readonly string[]): string {
  return participants.join(', ') || 'nobody';
}
