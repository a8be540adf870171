import {
  type Ask,
  begin,
  coordinate,
  type Decision,
  type Input,
  isEnded,
  type LogRecord,
  type Next,
  type Switches,
  type Transaction,
  takeUp,
  type Vote,
} from './coordinate.ts';
import type { Step } from './explore.ts';
import { type Branch, onDecision, onPrepare } from './participate.ts';

export type Broken =
  | 'forgets'
  | 'no-fence'
  | 'tells-first'
  | 'no-tombstone'
  | 'guesses'
  | 'unremembered'
  | 'loose-no'
  | 'votes-first';

export interface Rules {
  switches: Switches;
  participants: readonly string[];
  coordinatorsMax: number;
  broken: Broken | null;
}

interface Row {
  decision: Decision | null;
  participants: readonly string[];
  ended: boolean;
}
interface Memory {
  transaction: Transaction | null;
  unlogged: LogRecord | null;
}
type Local = Branch | 'working';

export interface World {
  begin: 'coming' | 'gone';
  row: Row | null;
  coordinators: readonly Memory[];
  branches: Readonly<Record<string, Local>>;
  messages: readonly string[];
  wrong: string | null;
}

const EMPTY: Memory = { transaction: null, unlogged: null };
const VOTES: Vote[] = ['yes', 'no', 'read-only'];

export function startOf({ participants }: Rules): World {
  return {
    begin: 'coming',
    row: null,
    coordinators: [EMPTY],
    branches: Object.fromEntries(participants.map((n) => [n, 'unknown'])),
    messages: [],
    wrong: null,
  };
}

function send(world: World, ...what: string[]): World {
  const fresh = what.filter((m) => !world.messages.includes(m));
  if (fresh.length === 0) return world;
  return { ...world, messages: [...world.messages, ...fresh].sort() };
}

export function steps(rules: Rules, world: World): Step<World>[] {
  const all = [
    ...arrives(rules, world),
    ...world.coordinators.flatMap((_, k) => coordinatorSteps(rules, world, k)),
    ...rules.participants.flatMap((n) => participantSteps(rules, world, n)),
    ...takeovers(rules, world),
  ];
  return all.filter((s) => s.to !== world);
}

function arrives(rules: Rules, world: World): Step<World>[] {
  if (world.begin === 'gone') return [];
  return [
    {
      says: 'begin reaches coordinator 1',
      to: carryOut(
        rules,
        { ...world, begin: 'gone' },
        0,
        begin(rules.participants, rules.switches),
      ),
    },
  ];
}

function coordinatorSteps(rules: Rules, world: World, k: number): Step<World>[] {
  const who = `coordinator ${k + 1}`;
  const { transaction, unlogged } = world.coordinators[k] ?? EMPTY;
  if (unlogged !== null)
    return [
      {
        says: `${who} logs`,
        to: write(
          rules,
          { ...world, coordinators: world.coordinators.with(k, { transaction, unlogged: null }) },
          k,
          unlogged,
        ),
      },
    ];
  const asks = rules.participants.map((n) => ({
    says: `${n} asks ${who}`,
    to: ask(rules, world, n, k),
  }));
  if (transaction === null) return asks;
  const inputs = rules.participants.flatMap((from): Input[] => [
    ...VOTES.filter((v) => world.messages.includes(`${from} ${v}`)).map(
      (vote) => ({ kind: 'vote', from, vote, reason: null }) as const,
    ),
    ...(world.messages.includes(`${from} done`) ? [{ kind: 'acknowledged', from } as const] : []),
    { kind: 'lost', from, reason: 'timed-out' },
  ]);
  return [
    ...asks,
    ...inputs.map((input) => ({
      says: `${who} hears ${input.from} ${input.kind === 'vote' ? input.vote : input.kind}`,
      to: hear(rules, world, k, input),
    })),
  ];
}

export function hear(rules: Rules, world: World, k: number, input: Input): World {
  const transaction = world.coordinators[k]?.transaction ?? null;
  if (transaction === null) return world;
  const next = coordinate(transaction, input);
  if (next.state === transaction && next.log === null)
    return send(world, ...next.send.map(({ to, ask }) => `${ask} ${to}`));
  return carryOut(rules, world, k, next);
}

function carryOut(rules: Rules, world: World, k: number, next: Next): World {
  const tellsFirst = rules.broken === 'tells-first';
  const logged = next.log === null || tellsFirst ? world : write(rules, world, k, next.log);
  if (logged === FENCED) return { ...world, coordinators: world.coordinators.with(k, EMPTY) };
  const before = world.coordinators[k]?.transaction?.decision ?? null;
  const decided = before === null && next.state.decision !== null && k === 0;
  const memory = {
    transaction: isEnded(next.state) ? null : next.state,
    unlogged: tellsFirst ? next.log : null,
  };
  return send(
    { ...logged, coordinators: world.coordinators.with(k, memory) },
    ...next.send.map(({ to, ask }) => `${ask} ${to}`),
    ...(decided ? [`outcome ${next.state.decision}`] : []),
  );
}

const FENCED = {} as World;

function write(rules: Rules, world: World, k: number, log: LogRecord): World {
  if (log.kind === 'ended')
    return world.row === null ? world : { ...world, row: { ...world.row, ended: true } };
  if (k + 1 < world.coordinators.length && rules.broken !== 'no-fence') return FENCED;
  if (rules.broken === 'forgets') return world;
  const { row } = world;
  if (log.kind === 'begun')
    return {
      ...world,
      row: row ?? { decision: null, participants: log.participants, ended: false },
    };
  const { decision, participants } = log;
  const differs = row !== null && row.decision !== null && row.decision !== decision;
  return {
    ...world,
    row: { decision, participants, ended: row?.ended ?? false },
    wrong: differs ? `log has ${row.decision}, ${decision} written over it` : world.wrong,
  };
}

export function ask(rules: Rules, world: World, name: string, k: number): World {
  if (world.messages.includes(`${name} read-only`)) return world;
  const t = world.coordinators[k]?.transaction ?? null;
  if (t !== null) return t.decision === null ? world : send(world, `${t.decision} ${name}`);
  if (k + 1 < world.coordinators.length) return world;
  const decision = world.row?.decision ?? 'abort';
  const begin = k === 0 && rules.broken !== 'unremembered' ? 'gone' : world.begin;
  const told = send(world, `${decision} ${name}`);
  return begin === told.begin ? told : { ...told, begin };
}

export function takeover(rules: Rules, world: World, row: Row | null): World {
  const k = world.coordinators.length;
  const taken = { ...world, row, coordinators: [...world.coordinators, EMPTY] };
  if (row === null || row.ended) return taken;
  return carryOut(
    rules,
    taken,
    k,
    takeUp(row, { presume: 'nothing', branches: 'parallel', lastResource: false }),
  );
}

function takeovers(rules: Rules, world: World): Step<World>[] {
  if (world.coordinators.length >= rules.coordinatorsMax) return [];
  const says = `coordinator ${world.coordinators.length + 1} takes over`;
  const all = [{ says, to: takeover(rules, world, world.row) }];
  if (world.row?.ended)
    all.push({
      says: `${says}, end lost`,
      to: takeover(rules, world, { ...world.row, ended: false }),
    });
  return all;
}

function participantSteps(rules: Rules, world: World, name: string): Step<World>[] {
  const asks: Ask[] = ['prepare', 'commit-one-phase', 'commit', 'abort'];
  const got = asks.filter((a) => world.messages.includes(`${a} ${name}`));
  const all = got.map((a) => ({ says: `${name} gets ${a}`, to: receive(rules, world, name, a) }));
  const set = (branch: Local, ...out: string[]) =>
    send({ ...world, branches: { ...world.branches, [name]: branch } }, ...out);
  if (world.branches[name] === 'working') {
    const alone = got.includes('commit-one-phase');
    if (rules.broken === 'votes-first' && !alone) {
      all.push({ says: `${name} votes yes`, to: send(world, `${name} yes`) });
      all.push({ says: `${name} prepares`, to: set('prepared') });
    } else
      all.push({
        says: `${name} prepares and votes yes`,
        to: set(alone ? 'committed-alone' : 'prepared', `${name} yes`),
      });
    all.push({
      says: `${name} votes no`,
      to: set(alone && rules.broken !== 'loose-no' ? 'aborted' : 'unknown', `${name} no`),
    });
    all.push({ says: `${name} votes read-only`, to: set('unknown', `${name} read-only`) });
    all.push({ says: `${name} crashes`, to: set('unknown') });
  }
  if (world.branches[name] === 'prepared' && rules.broken === 'guesses')
    all.push({ says: `${name} aborts by itself`, to: set('aborted') });
  return all;
}

export function receive(rules: Rules, world: World, name: string, what: Ask): World {
  const local = world.branches[name] ?? 'unknown';
  const branch = local === 'working' ? 'unknown' : local;
  const set = (b: Local) => ({ ...world, branches: { ...world.branches, [name]: b } });
  if (what === 'prepare' || what === 'commit-one-phase') {
    if (world.messages.includes(`${name} read-only`)) return world;
    switch (onPrepare(branch)) {
      case 'work':
        return local === 'working' ? world : set('working');
      case 'vote-yes-again':
        return send(world, `${name} yes`);
      case 'vote-no':
        return send(world, `${name} no`);
    }
  }
  const done = `${name} done`;
  switch (onDecision(branch, what)) {
    case 'commit-prepared':
      return send(set('committed'), done);
    case 'rollback-prepared':
      return send(set('aborted'), done);
    case 'leave-tombstone':
      return send(rules.broken === 'no-tombstone' ? world : set('aborted'), done);
    case 'already':
      return send(world, done);
    case 'damage':
      return { ...world, wrong: `${name} is told to ${what}, and is ${branch}` };
  }
}

export function violation(rules: Rules, world: World): string | null {
  if (world.wrong) return world.wrong;
  const has = (m: string) => world.messages.includes(m);
  const wrote = rules.participants.filter((n) => !has(`${n} read-only`));
  const committed = wrote.filter((n) => world.branches[n]?.startsWith('committed'));
  const aborted = wrote.filter((n) => world.branches[n] === 'aborted');
  if (committed.length && aborted.length)
    return `${committed[0]} is committed, ${aborted[0]} is aborted`;
  const toldCommit = rules.participants.filter((n) => has(`commit ${n}`));
  const toldAbort = rules.participants.filter((n) => has(`abort ${n}`));
  if (toldCommit.length && toldAbort.length)
    return `${toldCommit[0]} is told commit, ${toldAbort[0]} is told abort`;
  const notYes = rules.participants.find((n) => !has(`${n} yes`) && !has(`${n} read-only`));
  if (notYes && (toldCommit.length || world.row?.decision === 'commit'))
    return `commit decided, and ${notYes} has not voted yes`;
  if (has('outcome abort') && committed.length)
    return `client told abort, ${committed[0]} is committed`;
  if (has('outcome commit') && aborted.length)
    return `client told commit, ${aborted[0]} is aborted`;
  const late = rules.participants.find(
    (n) => toldAbort.includes(n) && has(`${n} done`) && world.branches[n] === 'prepared',
  );
  if (late) return `${late} is prepared after it acknowledged the abort`;
  return null;
}

export function key(world: World): string {
  return `${world.begin} ${world.row ? `${world.row.decision} ${world.row.participants} ${world.row.ended}` : ''}|${world.coordinators.map(memoryKey).join('/')}|${Object.values(world.branches).join()}|${world.messages.join()}|${world.wrong}`;
}
const cache = new WeakMap<Transaction, string>();
function memoryKey({ transaction: t, unlogged }: Memory): string {
  if (t === null) return `-${unlogged?.kind}`;
  let k = cache.get(t);
  if (k === undefined) {
    k = `${t.asked}${t.participants.map((n) => t.votes[n]?.[0] ?? '-').join('')}${t.decision}${t.untold}${t.onePhase}${t.inLog}`;
    cache.set(t, k);
  }
  return `${k}${unlogged?.kind}`;
}
