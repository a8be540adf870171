import { finishAlone, handleInput, query, receive, takeOver } from './explored-steps.ts';
import { placeOf, type Rules, transactionOf, type World, wasSent } from './explored-world.ts';

/** Checks one state. @returns the violated invariant as a sentence, or null */
export function violationOf({ participants }: Rules, world: World): string | null {
  const { row, outcome, wrong } = world;
  if (wrong !== null) return wrong;
  const toCommit = participants.find((name) => wasSent(world, name, 'commit'));
  const toAbort = participants.find((name) => wasSent(world, name, 'abort'));
  const unready = participants.find((name) => !isFor(world, name));
  // A participant that wrote nothing may get either decision: it has no effect there.
  const writers = participants.filter((name) => !wasSent(world, name, 'read-only'));
  const committed = writers.find((name) => placeOf(world, name).branch.startsWith('committed'));
  const aborted = writers.find((name) => placeOf(world, name).branch === 'aborted');
  const late = participants.find((name) => isPrepared(world, name) && wasSent(world, name, 'done'));
  if (committed && aborted) return `${committed} is committed, and ${aborted} is aborted`;
  if (toCommit && toAbort) return `${toCommit} is sent commit, and ${toAbort} is sent abort`;
  if (unready && (toCommit || row?.decision === 'commit'))
    return `a commit is decided, and ${unready} has not voted for it`;
  if (committed && row?.decision === 'abort')
    return `the log says abort, and ${committed} is committed`;
  if (committed && outcome === 'abort')
    return `the outcome is abort, and ${committed} is committed`;
  if (aborted && outcome === 'commit') return `the outcome is commit, and ${aborted} is aborted`;
  return late ? `${late} has acknowledged the decision, and is prepared` : null;
}

function isFor(world: World, name: string): boolean {
  return wasSent(world, name, 'yes') || wasSent(world, name, 'read-only');
}

function isPrepared(world: World, name: string): boolean {
  return placeOf(world, name).branch === 'prepared';
}

/**
 * Checks that every state can reach an end. All messages in flight are lost. Either only the newest
 * coordinator survives, or none survives and another takes over. From then on nothing fails.
 * @returns what does not end, or the invariant that is violated in the end, as a sentence
 */
export function endingOf(rules: Rules, world: World): string | null {
  return strandedFrom(rules, world) ?? strandedFrom(rules, takeOver(rules, world, world.row));
}

const TURNS_MAX = 50;

function strandedFrom(rules: Rules, start: World): string | null {
  let world = start;
  for (let turn = 1; turn <= TURNS_MAX; turn += 1) {
    const next = calmTurn(rules, world);
    if (next === world) break;
    world = next;
  }
  const prepared = rules.participants.find((name) => isPrepared(world, name));
  if (prepared !== undefined) return `${prepared} stays prepared for ever`;
  const open = transactionOf(world, world.coordinators.length - 1);
  return open === null ? violationOf(rules, world) : 'the transaction stays open for ever';
}

/**
 * One step without failures. The coordinator stops waiting for a vote, or sends its decision again.
 * If it does not know the transaction, a prepared participant requests the decision.
 */
function calmTurn(rules: Rules, world: World): World {
  const newest = world.coordinators.length - 1;
  const transaction = transactionOf(world, newest);
  if (transaction === null) return queryForPrepared(rules, world, newest);
  const { decision, unacknowledged, contacted, votes, onePhase } = transaction;
  const [from] =
    decision === null ? contacted.filter((name) => votes[name] === undefined) : unacknowledged;
  if (from === undefined) return world;
  if (decision !== null) {
    const ended = receive(rules, world, from, decision);
    return handleInput(rules, ended, newest, { kind: 'acknowledged', from });
  }
  if (!onePhase)
    return handleInput(rules, world, newest, { kind: 'lost', from, reason: 'timed-out' });
  const { to, vote } = finishAlone(rules, world, from);
  return handleInput(rules, to, newest, { kind: 'vote', from, vote, reason: null });
}

function queryForPrepared(rules: Rules, world: World, newest: number): World {
  const name = rules.participants.find((each) => isPrepared(world, each));
  if (name === undefined) return world;
  const answered = query(rules, world, name, newest);
  const answer = (['commit', 'abort'] as const).find((each) => wasSent(answered, name, each));
  return answer === undefined ? answered : receive(rules, answered, name, answer);
}
