import { type FailpointName, parseChaos } from '@indoubt/chaos';
import {
  checkAll,
  DEFAULT_SAGA,
  DEFAULT_WORLD,
  type Infrastructure,
  type Lab,
  type LabOptions,
  labForScenario,
  newRunDir,
  settle,
  snapshotOf,
  startLab,
} from '@indoubt/lab';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { scaled } from '../runner/slowness.ts';
import { root } from './shared-servers.ts';

type Settings =
  | 'world'
  | 'coordination'
  | 'saga'
  | 'twoPhase'
  | 'cards'
  | 'keys'
  | 'leftDead'
  | 'onLine';
/** Faults in the grammar of CHAOS (default: none), and whether more can be armed (default: no). */
type Chaos = { rules?: string; control?: boolean; links?: boolean };
type Options = Partial<Pick<LabOptions, Settings>> & { chaos?: Chaos };
type Run = ReturnType<typeof labForScenario>;
type Invariants = ReturnType<typeof checkAll>;
type EventLine = ReturnType<Lab['record']['readNow']>[number];
type Name = Parameters<Lab['services']['restart']>[0];

/** A lab for one test; `await using` stops it. */
export interface OpenLab extends AsyncDisposable {
  lab: Lab;
  /** The lab as a customer sees it. The client remembers the acknowledged orders. */
  client: Run['client'];
  placeOrder: Run['lab']['placeOrder'];
  arm: Run['lab']['arm'];
  reaches: Run['lab']['reaches'];
  urlOf(name: Name): string;
  pidOf(name: Name): number;
  signal(pid: number, signal: NodeJS.Signals): void;
  /** Waits (bounded) for an event in the record that fits. */
  event<Fitting extends EventLine>(fits: (line: EventLine) => line is Fitting): Promise<Fitting>;
  event(fits: (line: EventLine) => boolean): Promise<EventLine>;
  /** Waits until the lab is quiet. @returns the invariants that do not hold then */
  broken(): Promise<Invariants>;
}

const WITHIN_MS = scaled(30_000);

/** Starts a lab for one test on the servers, with the default shop unless the options differ. */
export async function openLab(
  servers: Infrastructure,
  { chaos: { rules = '', ...chaos } = {}, ...options }: Options = {},
): Promise<OpenLab> {
  const { signal } = new AbortController();
  const lab = await startLab({
    infrastructure: servers,
    root,
    runDir: newRunDir(root, 'e2e'),
    world: DEFAULT_WORLD,
    coordination: 'saga',
    saga: DEFAULT_SAGA,
    chaos: { seed: 1, control: false, links: false, ...chaos, rules: parseChaos(rules) },
    signal,
    onLine: () => undefined,
    ...options,
  });
  const run = labForScenario(lab, 1, signal);
  const paused = new Set<number>();
  return {
    lab,
    client: run.client,
    placeOrder: (order, how) => run.lab.placeOrder(order, how),
    arm: run.lab.arm,
    reaches: (orderId, status) => run.lab.reaches(orderId, status),
    urlOf: (name) => running(lab, name).url,
    pidOf: (name) => running(lab, name).pid,
    signal(pid, name) {
      process.kill(pid, name);
      if (name === 'SIGSTOP') paused.add(pid);
      else paused.delete(pid);
    },
    event: async <Fitting extends EventLine>(fits: (line: EventLine) => line is Fitting) =>
      lab.record.next(fits, WITHIN_MS),
    async broken() {
      await settle(lab, WITHIN_MS, signal);
      return brokenNow(lab, run.client.acknowledged());
    },
    async [Symbol.asyncDispose]() {
      // A test that failed in the middle must not leave a server paused for the next one.
      for (const pid of paused) process.kill(pid, 'SIGCONT');
      await lab.stop();
    },
  };
}

/**
 * Opens a lab that all tests of a file or of a `describe` share, because the start of a lab costs
 * more than most tests. Each test sees only its own events, and finds no fault armed.
 * @returns the lab, while the tests run
 */
export function sharedLab(servers: () => Infrastructure, options: Options = {}): () => OpenLab {
  let open: OpenLab;
  let earlier = new WeakSet<EventLine>();
  beforeAll(async () => {
    const opened = await openLab(servers(), options);
    const event = (fits: (line: EventLine) => boolean) =>
      opened.event((line) => !earlier.has(line) && fits(line));
    open = { ...opened, event };
  });
  beforeEach(() => {
    earlier = new WeakSet(open.lab.record.readNow());
  });
  afterEach(() => open.lab.chaos?.clear());
  afterAll(() => open[Symbol.asyncDispose]());
  return () => open;
}

/** Waits until the process has crashed at the failpoint and its successor is ready. */
export async function backAfter(open: OpenLab, failpoint: FailpointName): Promise<void> {
  const { process, pid } = await open.event((line) => {
    return line.event === 'failpoint-hit' && line.name === failpoint;
  });
  await open.event((line) => {
    return line.event === 'service-ready' && line.process === process && line.pid !== pid;
  });
}

function running(lab: Lab, name: Name) {
  const found = lab.endpoints.services.find((service) => service.name === name);
  if (found === undefined) throw new Error(`${name} is not running`);
  return found;
}

type Acknowledged = ReturnType<Run['client']['acknowledged']>;

async function brokenNow(lab: Lab, acknowledged: Acknowledged): Promise<Invariants> {
  const results = checkAll(await snapshotOf(lab, acknowledged));
  return results.filter(({ holds }) => !holds);
}
