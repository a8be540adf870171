import type { EventLine } from '@indoubt/record';
import { count } from '../../text/count.ts';
import { duration } from '../../text/duration.ts';
import type { Narration } from './sentence.ts';

export function transactionBegun(line: EventLine<'transaction-begun'>): Narration {
  const { participants, branches, presume } = line;
  const text = `begins: ${list(participants)} (${branches}, presume ${presume})`;
  return { text, mark: 'plain' };
}

export function voteReceived({ from, vote, reason }: EventLine<'vote-received'>): Narration {
  const why = reason === null ? '' : `, ${reason}`;
  const mark = vote === 'no' ? 'refused' : 'plain';
  return { text: `received the vote of ${from}: ${vote}${why}`, mark, isDetail: true };
}

/** @param isAgain  the decision was made before; a new coordinator has read it in its log */
export function decisionMade(line: EventLine<'decision-made'>, isAgain: boolean): Narration {
  const { decision, reason, durable, participants } = line;
  if (isAgain) {
    return {
      text: `found ${decision} in its log: sends it to ${list(participants)}`,
      mark: 'restart',
    };
  }
  const isCommit = decision === 'commit';
  if (isCommit && durable) {
    return { text: 'decides commit: durable, the decision is final', mark: 'good' };
  }
  const decides = `decides ${decision}${reason === null ? '' : `: ${reason}`}`;
  return { text: `${decides} (${inTheLog(line)})`, mark: isCommit ? 'good' : 'refused' };
}

function inTheLog({ durable, participants }: EventLine<'decision-made'>): string {
  if (durable) return 'durable: presume nothing';
  if (participants.length === 0) return 'no participant needs the decision';
  return 'no log record: presumed abort';
}

export function decisionResent({ to, decision, attempt }: EventLine<'decision-resent'>): Narration {
  const sent = decision === null ? 'the one-phase commit' : decision;
  // The record counts the attempt that got no answer.
  return { text: `sends ${sent} again to ${to}, attempt ${attempt + 1}`, mark: 'again' };
}

export function transactionEnded({ decision }: EventLine<'transaction-ended'>): Narration {
  const text = `transaction ended: ${decision}, all participants have the decision`;
  return { text, mark: 'plain', isDetail: true };
}

export function branchVoted(line: EventLine<'branch-voted'>): Narration {
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

export function branchEnded(line: EventLine<'branch-ended'>): Narration {
  const { decision, how, heldMs } = line;
  const commits = decision === 'commit';
  if (how === 'already') {
    const ended = commits ? 'committed' : 'rolled back';
    const text = `received the decision again: its branch is already ${ended}`;
    // The order service is a participant and also the client of the transaction: it receives every
    // decision twice.
    return { text, mark: 'again', isDetail: line.process === 'order' };
  }
  if (how === 'tombstone') {
    return { text: 'aborts without a prepared branch: leaves a tombstone', mark: 'plain' };
  }
  if (how === 'one-phase') {
    return { text: 'commits its branch in one phase: this commit is the decision', mark: 'plain' };
  }
  // Null when another process prepared the branch: the time is not known here.
  const held = heldMs === null ? '' : `; locks held ${duration(heldMs)}`;
  const text = `${commits ? 'commits its branch' : 'rolls its branch back'}${held}`;
  return { text, mark: 'plain' };
}

export function outcomeRequested(line: EventLine<'outcome-requested'>): Narration {
  const { decision, reason = 'no reason given', ageMs } = line;
  if (decision === 'unknown') {
    const text = `in doubt: no coordinator answers (${reason}); the locks stay`;
    return { text, mark: 'in-doubt' };
  }
  const says = decision === 'undecided' ? 'which has not decided' : `which says ${decision}`;
  const text = `in doubt for ${duration(ageMs)}: asks the coordinator, ${says}`;
  return { text, mark: 'in-doubt' };
}

export function orphanFound({ gid, ageMs }: EventLine<'orphan-found'>): Narration {
  const what = `${gid}, prepared ${duration(ageMs)} ago`;
  const text = `orphan: ${what}, is unknown here: an operator must resolve it`;
  return { text, mark: 'trouble' };
}

/** An operator made this decision. Participants never decide by themselves. */
export function heuristicDecision(line: EventLine<'heuristic-decision'>): Narration {
  const { gid, decision, orderId } = line;
  // With a known order, the service is enough; its gid is LAB/SERVICE/TRANSACTION.
  const service = orderId !== undefined ? gid.split('/')[1] : undefined;
  const what = service === undefined ? gid : `the branch of ${service}`;
  const does = decision === 'commit' ? `commits ${what}` : `rolls ${what} back`;
  return { text: `heuristic decision: ${does}, by hand`, mark: 'trouble' };
}

export function heuristicDamage({ decision, applied }: EventLine<'heuristic-damage'>): Narration {
  const is = applied === 'commit' ? 'committed' : 'rolled back';
  const text = `heuristic damage: decision ${decision}, but the branch was ${is}`;
  return { text, mark: 'trouble' };
}

/** @param isAgain  a coordinator process took an epoch earlier in this run */
export function epochTaken(line: EventLine<'epoch-taken'>, isAgain: boolean): Narration {
  const { epoch, recovered } = line;
  const open = recovered > 0 ? count(recovered, 'unfinished transaction') : NOTHING_OPEN;
  const text = `takes epoch ${epoch}; its log has ${open}`;
  return { text, mark: isAgain ? 'restart' : 'plain', isDetail: !isAgain };
}

const NOTHING_OPEN = 'no unfinished transaction';

export function coordinatorSuperseded({ pid }: EventLine<'coordinator-superseded'>): Narration {
  const text = `superseded by a newer epoch: process ${pid} makes no more decisions`;
  return { text, mark: 'trouble' };
}

function list(participants: readonly string[]): string {
  return participants.join(', ') || 'no participant';
}
