import {
  begin,
  type Command,
  coordinate,
  type Decision,
  type Input,
  isEnded,
  type LogRecord,
  type Next,
  takeUp,
  type Vote,
} from '../protocol/coordinate.ts';
import { type Branch, onDecision, onPrepare } from '../protocol/participate.ts';
import type { Step } from './explore.ts';
import {
  IDLE,
  type Place,
  placeOf,
  type Row,
  type Rules,
  transactionOf,
  type World,
  wasSent,
  withBranch,
  withMemory,
  withSent,
} from './explored-world.ts';

/** All steps that can happen next, in every process. */
export function stepsOf(rules: Rules, world: World): Step<World>[] {
  const all = [
    ...arrivals(rules, world),
    ...world.coordinators.flatMap((_, index) => stepsOfCoordinator(rules, world, index)),
    ...rules.participants.flatMap((name) => stepsOfParticipant(rules, world, name)),
    ...successions(rules, world),
  ];
  return all.filter(({ to }) => to !== world);
}

function arrivals(rules: Rules, world: World): Step<World>[] {
  if (world.request === 'gone') return [];
  const next = begin(rules.participants, rules.switches);
  const to = carryOut(rules, { ...world, request: 'gone' }, 0, next);
  return [{ says: 'the request reaches coordinator 1', to }];
}

function stepsOfCoordinator(rules: Rules, world: World, index: number): Step<World>[] {
  const { transaction = null, unlogged = null } = world.coordinators[index] ?? {};
  const who = `coordinator ${index + 1}`;
  if (unlogged !== null) {
    const written = write(rules, world, index, unlogged) ?? world;
    return [
      { says: `${who} logs`, to: withMemory(written, index, { transaction, unlogged: null }) },
    ];
  }
  return rules.participants.flatMap((name) => [
    { says: `${name} requests the decision from ${who}`, to: query(rules, world, name, index) },
    ...inputsFrom(world, name).map((input) => {
      const to = handleInput(rules, world, index, input);
      const decides = to.outcome === world.outcome ? '' : `, and decides to ${to.outcome}`;
      return { says: `${who} ${textOf(input)}${decides}`, to };
    }),
  ]);
}

const VOTES: Vote[] = ['yes', 'no', 'read-only'];

/** Inputs about one participant: any message that it has sent, again, or a time-out. */
function inputsFrom(world: World, from: string): Input[] {
  const votes = VOTES.filter((vote) => wasSent(world, from, vote));
  return [
    ...votes.map((vote) => ({ kind: 'vote' as const, from, vote, reason: null })),
    ...(wasSent(world, from, 'done') ? [{ kind: 'acknowledged' as const, from }] : []),
    { kind: 'lost', from, reason: 'timed-out' },
  ];
}

function textOf(input: Input): string {
  if (input.kind === 'lost') return `stops waiting for ${input.from}`;
  return `receives ${input.kind === 'vote' ? input.vote : 'done'} from ${input.from}`;
}

export function handleInput(rules: Rules, world: World, index: number, input: Input): World {
  const transaction = transactionOf(world, index);
  if (transaction === null) return world;
  const next = coordinate(transaction, input);
  const isNews = next.state !== transaction || next.log !== null;
  return isNews ? carryOut(rules, world, index, next) : sendAll(world, next);
}

/** Logs first, then sends. A coordinator that may not write stops and sends nothing. */
function carryOut(rules: Rules, world: World, index: number, next: Next): World {
  const sendsFirst = rules.broken === 'sent before logged';
  const { state, log } = next;
  const written = log === null || sendsFirst ? world : write(rules, world, index, log);
  if (written === undefined) return withMemory(world, index, IDLE);
  const transaction = isEnded(state) ? null : state;
  const memory = { transaction, unlogged: sendsFirst ? log : null };
  const sent = sendAll(withMemory(written, index, memory), next);
  // Only the first coordinator has a client that waits for the outcome.
  return index === 0 && state.decision !== null ? { ...sent, outcome: state.decision } : sent;
}

function sendAll(world: World, { send }: Next): World {
  return send.reduce((sent, { to, command }) => withSent(sent, to, command), world);
}

/** @returns undefined when the log refuses the record, since the epoch of the writer is over */
function write(rules: Rules, world: World, index: number, log: LogRecord): World | undefined {
  const { row, coordinators } = world;
  if (log.kind === 'ended')
    return row === null ? world : { ...world, row: { ...row, ended: true } };
  const isFenced = index + 1 < coordinators.length && rules.broken !== 'no epoch fence';
  if (isFenced) return undefined;
  if (rules.broken === 'nothing is logged') return world;
  const { participants } = log;
  const before = row?.decision ?? null;
  const decision = log.kind === 'begun' ? before : log.decision;
  const changes = before !== null && before !== decision;
  const wrong = changes ? `the log says ${before}, and ${decision} is written over it` : null;
  return { ...world, row: { decision, participants, ended: row?.ended ?? false }, wrong };
}

/**
 * A participant requests the decision, prepared or not: the participant that is also the client
 * may request it before it is prepared. While votes are counted, the request counts as a vote.
 */
export function query(rules: Rules, world: World, name: string, index: number): World {
  if (rules.broken === 'no recovery' || wasSent(world, name, 'read-only')) return world;
  const transaction = transactionOf(world, index);
  if (transaction !== null) {
    return transaction.decision === null ? world : withSent(world, name, transaction.decision);
  }
  const isNewest = index + 1 === world.coordinators.length;
  if (!isNewest) return world; // an older coordinator may not read the log
  const sent = withSent(world, name, world.row?.decision ?? 'abort');
  // A coordinator does not begin a transaction that it presumed aborted. Only the first coordinator
  // gets a request to begin.
  const remembers = index === 0 && rules.broken !== 'presumed aborts are not remembered';
  return remembers && sent.request === 'coming' ? { ...sent, request: 'gone' } : sent;
}

/** Another coordinator may start at any time: its predecessor is dead, paused, or still active. */
function successions(rules: Rules, world: World): Step<World>[] {
  const { row, coordinators } = world;
  if (coordinators.length >= rules.coordinatorsMax) return [];
  const says = `coordinator ${coordinators.length + 1} takes over`;
  const all = [{ says, to: takeOver(rules, world, row) }];
  if (row === null || !row.ended) return all;
  const open = { ...row, ended: false };
  return [...all, { says: `${says}, the end record is lost`, to: takeOver(rules, world, open) }];
}

/** A logged decision is sent until all acknowledge it, whatever the other switches were. */
const OF_THE_LOG = { presume: 'nothing', branches: 'parallel', lastResource: false } as const;

export function takeOver(rules: Rules, world: World, row: Row | null): World {
  const index = world.coordinators.length;
  const taken = { ...world, row, coordinators: [...world.coordinators, IDLE] };
  if (row === null || row.ended) return taken;
  return carryOut(rules, taken, index, takeUp(row, OF_THE_LOG));
}

function stepsOfParticipant(rules: Rules, world: World, name: string): Step<World>[] {
  const { branch, messages } = placeOf(world, name);
  const steps = (['prepare', 'commit-one-phase', 'commit', 'abort'] as const)
    .filter((each) => messages.includes(each))
    .map((each) => ({ says: `${name} receives ${each}`, to: receive(rules, world, name, each) }));
  if (rules.abandons === true && (branch === 'unknown' || branch === 'working')) {
    // The tombstone is written before the prepare, so the work can never be prepared.
    steps.push({ says: `${name} abandons its branch`, to: withBranch(world, name, 'aborted') });
  }
  if (branch === 'working') return [...steps, ...stepsOfWork(rules, world, name)];
  if (branch !== 'prepared' || rules.broken !== 'aborts alone while prepared') return steps;
  return [...steps, { says: `${name} aborts alone`, to: withBranch(world, name, 'aborted') }];
}

function stepsOfWork(rules: Rules, world: World, name: string): Step<World>[] {
  const isAlone = wasSent(world, name, 'commit-one-phase');
  const leavesTombstone = isAlone && rules.broken !== 'no tombstone for a no to commit-one-phase';
  const end = (branch: Place['branch']) => withBranch(world, name, branch);
  const succeeded = end(isAlone ? 'committed-alone' : 'prepared');
  const how = isAlone ? 'commits alone' : 'prepares';
  const yes =
    rules.broken === 'voted before prepared'
      ? [
          { says: `${name} votes yes`, to: withSent(world, name, 'yes') },
          { says: `${name} ${how}`, to: succeeded },
        ]
      : [{ says: `${name} ${how} and votes yes`, to: withSent(succeeded, name, 'yes') }];
  const refused = end(leavesTombstone ? 'aborted' : 'unknown');
  return [
    ...yes,
    { says: `${name} votes no`, to: withSent(refused, name, 'no') },
    { says: `${name} votes read-only`, to: withSent(end('unknown'), name, 'read-only') },
    { says: `${name} crashes, its work is lost`, to: end('unknown') },
  ];
}

export function receive(rules: Rules, world: World, name: string, what: Command): World {
  const { branch } = placeOf(world, name);
  const known = branch === 'working' ? 'unknown' : branch; // work in progress has no row
  if (what === 'commit' || what === 'abort') return endBranch(rules, world, name, what, known);
  // A second prepare joins the branch in progress. A read-only branch writes nothing again.
  if (branch === 'working' || wasSent(world, name, 'read-only')) return world;
  const answer = onPrepare(known);
  if (answer === 'work') return withBranch(world, name, 'working');
  return withSent(world, name, answer === 'vote-no' ? 'no' : 'yes');
}

const LEFT = {
  'commit-prepared': 'committed',
  'rollback-prepared': 'aborted',
  'leave-tombstone': 'aborted',
  already: null,
} as const;

function endBranch(
  rules: Rules,
  world: World,
  name: string,
  decision: Decision,
  branch: Branch,
): World {
  const what = onDecision(branch, decision);
  const wrong = `${name} receives ${decision}, and its branch is ${branch}`;
  if (what === 'damage') return { ...world, wrong };
  const isForgotten = what === 'leave-tombstone' && rules.broken === 'no tombstone';
  const left = isForgotten ? null : LEFT[what];
  return withSent(left === null ? world : withBranch(world, name, left), name, 'done');
}

/** Receives commit-one-phase again. The work does not fail this time. */
export function finishAlone(rules: Rules, world: World, name: string): { to: World; vote: Vote } {
  const received = receive(rules, world, name, 'commit-one-phase');
  const isWorking = placeOf(received, name).branch === 'working';
  const to = isWorking
    ? withSent(withBranch(received, name, 'committed-alone'), name, 'yes')
    : received;
  return { to, vote: VOTES.find((vote) => wasSent(to, name, vote)) ?? 'yes' };
}
