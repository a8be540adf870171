import {
  durationField,
  type EventLine,
  optionalWord,
  word,
  words,
} from '../../evidence/record/told-fields.ts';
import { count } from '../../text/count.ts';
import type { Told } from './sentence.ts';

export function transactionBegun(line: EventLine): Told {
  const switches = `${word(line, 'branches')}, presume ${word(line, 'presume')}`;
  return { text: `begins: ${participants(line)} (${switches})`, mark: 'plain' };
}

export function voteReceived(line: EventLine): Told {
  const reason = optionalWord(line, 'reason');
  const vote = word(line, 'vote') + (reason === null ? '' : `, ${reason}`);
  const mark = line['vote'] === 'no' ? 'refused' : 'plain';
  return { text: `has the vote of ${word(line, 'from')}: ${vote}`, mark, isDetail: true };
}

/** @param isAgain  it was decided before, and a new coordinator has found that in its log */
export function decisionMade(line: EventLine, isAgain: boolean): Told {
  const decision = word(line, 'decision');
  if (isAgain) {
    return { text: `its log says ${decision}: tells ${participants(line)}`, mark: 'restart' };
  }
  const isCommit = decision === 'commit';
  if (isCommit && line['durable'] === true) {
    return { text: 'decides commit: durable, from here it cannot change', mark: 'good' };
  }
  const reason = optionalWord(line, 'reason');
  const decides = `decides ${decision}${reason === null ? '' : `: ${reason}`}`;
  return { text: `${decides} (${inTheLog(line)})`, mark: isCommit ? 'good' : 'refused' };
}

function inTheLog(line: EventLine): string {
  if (line['durable'] === true) return 'durable: nothing is presumed';
  if (words(line, 'participants').length === 0) return 'nobody is left to be told';
  return 'nothing written: presumed abort';
}

export function decisionToldAgain(line: EventLine): Told {
  const to = word(line, 'to');
  // The record counts the attempt that got no answer.
  const time = typeof line['attempt'] === 'number' ? line['attempt'] + 1 : '?';
  const decision = optionalWord(line, 'decision');
  const tells =
    decision === null
      ? `asks ${to} again to commit in one phase`
      : `tells ${decision} again to ${to}`;
  return { text: `${tells}, time ${time}`, mark: 'again' };
}

export function transactionEnded(line: EventLine): Told {
  const text = `transaction ended: ${word(line, 'decision')}, nobody is left to be told`;
  return { text, mark: 'plain', isDetail: true };
}

export function branchVoted(line: EventLine): Told {
  const vote = word(line, 'vote');
  const took = `(${durationField(line, 'tookMs')})`;
  if (vote === 'no') {
    const reason = optionalWord(line, 'reason') ?? 'no reason given';
    const why = reason === 'transaction-aborted' ? 'the abort came before this prepare' : reason;
    return { text: `votes no: ${why}`, mark: 'refused' };
  }
  if (vote === 'read-only') {
    return { text: `votes read-only: wrote nothing, needs no phase two ${took}`, mark: 'plain' };
  }
  if (line['again'] === true) {
    return {
      text: `votes ${vote} again: prepared before, no second effect ${took}`,
      mark: 'again',
    };
  }
  return { text: `votes ${vote}: prepared ${took}`, mark: 'plain' };
}

export function branchEnded(line: EventLine): Told {
  const commits = word(line, 'decision') === 'commit';
  switch (word(line, 'how')) {
    case 'already': {
      const text = `told again: its branch is ${commits ? 'committed' : 'rolled back'} already`;
      // The order service took part and also asked: it is told twice of every transaction.
      return { text, mark: 'again', isDetail: line.process === 'order' };
    }
    case 'tombstone':
      return { text: 'an abort with nothing prepared: leaves a tombstone', mark: 'plain' };
    case 'one-phase':
      return { text: 'commits its branch in one phase: that is the decision', mark: 'plain' };
    default: {
      const held =
        optionalWord(line, 'heldMs') === null
          ? '' // prepared by a process that is gone: nobody has measured it
          : `; locks held ${durationField(line, 'heldMs')}`;
      const text = `${commits ? 'commits its branch' : 'rolls its branch back'}${held}`;
      return { text, mark: 'plain' };
    }
  }
}

export function inDoubtAsked(line: EventLine): Told {
  const decision = word(line, 'decision');
  if (decision === 'unknown') {
    const reason = optionalWord(line, 'reason') ?? 'no reason given';
    const text = `in doubt: no coordinator answers (${reason}); the locks stay`;
    return { text, mark: 'in-doubt' };
  }
  const says = decision === 'undecided' ? 'which has not decided' : `which says ${decision}`;
  const age = durationField(line, 'ageMs');
  return { text: `in doubt for ${age}: asks the coordinator, ${says}`, mark: 'in-doubt' };
}

export function orphanFound(line: EventLine): Told {
  const what = `${word(line, 'gid')}, prepared ${durationField(line, 'ageMs')} ago`;
  const text = `orphan: ${what}, is not ours: an operator must look`;
  return { text, mark: 'trouble' };
}

/** An operator's doing, not a participant's: those never guess. */
export function heuristicDecision(line: EventLine): Told {
  const gid = word(line, 'gid');
  // Of ours, the reader knows the order: LAB/SERVICE/TRANSACTION says more than is needed.
  const service = typeof line.orderId === 'string' ? gid.split('/')[1] : undefined;
  const what = service === undefined ? gid : `the branch of ${service}`;
  const does = word(line, 'decision') === 'commit' ? `commits ${what}` : `rolls ${what} back`;
  return { text: `heuristic decision: ${does}, by hand`, mark: 'trouble' };
}

export function heuristicDamage(line: EventLine): Told {
  const did = word(line, 'did') === 'commit' ? 'committed' : 'rolled back';
  const told = word(line, 'decision');
  const text = `heuristic damage: told ${told}, but its branch is ${did} for good`;
  return { text, mark: 'trouble' };
}

/** @param isAgain  another coordinator, or an earlier life of this one, had an epoch before */
export function epochTaken(line: EventLine, isAgain: boolean): Told {
  const { recovered } = line;
  const left = typeof recovered === 'number' && recovered > 0;
  const log = left ? `its log leaves ${count(recovered, 'transaction')} to end` : NOTHING_LEFT;
  const text = `takes epoch ${word(line, 'epoch')}; ${log}`;
  return { text, mark: isAgain ? 'restart' : 'plain', isDetail: !isAgain };
}

const NOTHING_LEFT = 'nothing is left open in its log';

export function coordinatorSuperseded(line: EventLine): Told {
  const who = `process ${word(line, 'pid')}`;
  const text = `superseded by a newer epoch: ${who} decides nothing any more`;
  return { text, mark: 'trouble' };
}

function participants(line: EventLine): string {
  return words(line, 'participants').join(', ') || 'nobody';
}
