import { Failure } from '@indoubt/failure';
import type { RecordLine } from '@indoubt/record';
import { startKeeper } from '../keeper.ts';
import { type RunOptions, runScenario } from '../run-scenario.ts';
import { loadScenario } from '../scenario-catalogue.ts';
import type { Lab } from '../start-lab.ts';
import { explainError } from './exit-code.ts';
import type { KeeperJob, KeeperMessage } from './keeper-process.ts';
import { takeServers } from './servers.ts';
import { tracesWay } from './traces-way.ts';
import { type UpState, upPlace } from './up-file.ts';

// The process behind `scenario up` and `run --keep`: it holds servers and a lab until SIGTERM.
const job = JSON.parse(process.argv[2] ?? '') as KeeperJob;
const place = upPlace(job.root);
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
process.once('SIGINT', () => stop.abort());
process.once('SIGHUP', () => undefined); // the terminal closed: it was meant to outlive that
// The command that asked for it died before there was anything to keep.
let isReady = false;
process.once('disconnect', () => isReady || stop.abort());

try {
  await place.claim();
  try {
    await keep();
  } finally {
    await place.remove();
  }
} catch (error) {
  const code = error instanceof Failure ? error.code : null;
  console.error(explainError(error));
  if (!isReady) await tell({ kind: 'failed', code, text: explainError(error) });
  process.exitCode = 2;
}
// All is closed that is ours; a socket of jaeger-client's to a receiver that hangs is not.
process.exit();

async function keep(): Promise<void> {
  const startedAt = new Date();
  const env = process.env;
  const show = (text: string): void => void tell({ kind: 'phase', text });
  const cli = { root: job.root, env, signal: stop.signal };
  const { infrastructure } = await takeServers(cli, job.infra, { show });
  const serversMs = Date.now() - startedAt.getTime();
  try {
    const { root, coordination, chaos } = job;
    // A service that was killed and started again has another pid: `status` must know it.
    let changed: () => void = () => undefined;
    const onLine = (line: RecordLine): void => {
      if (line.kind === 'event' && line.event === 'service-ready') changed();
    };
    const { signal } = stop;
    const common = { infrastructure, root, coordination, signal, onPhase: show, onLine };
    const lab = await (job.run
      ? runAndKeep(job.run, common, serversMs)
      : startKeeper({ ...common, chaos, traces: tracesWay(process.env) }));
    try {
      const { provider, databaseUrls, brokers, jaeger } = infrastructure;
      const { runDir, logsDir } = lab;
      const { pid } = process;
      const isArmed = lab.chaos !== null;
      const places = { logsDir, runDir, provider };
      const held = {
        pid,
        startedAt: startedAt.toISOString(),
        coordination,
        chaos: isArmed,
        ...places,
      };
      const state = (): UpState => {
        const { pids, logsDir: serverLogs } = infrastructure;
        const servers = { databaseUrls, brokers, jaeger, pids, logsDir: serverLogs };
        return { ...held, servers, endpoints: lab.endpoints };
      };
      changed = () => void place.write(state()).catch(() => undefined);
      await hold(state());
    } finally {
      await lab.stop();
    }
  } finally {
    await infrastructure.stop();
  }
}

/** Up, until somebody says down. */
async function hold(state: UpState): Promise<void> {
  await place.write(state);
  const asked = new Promise((resolve) => stop.signal.addEventListener('abort', resolve));
  stop.signal.throwIfAborted();
  isReady = true;
  await tell({ kind: 'ready', state });
  // An abort listener keeps no process alive, and with external servers nothing else may.
  const alive = setInterval(() => undefined, 60_000);
  await asked;
  clearInterval(alive);
}

type Common = Omit<Parameters<typeof startKeeper>[0], 'chaos' | 'traces'>;

async function runAndKeep(
  { scenario, seed, twoPhase }: NonNullable<KeeperJob['run']>,
  options: Common,
  serversMs: number,
): Promise<Lab> {
  const onLine: RunOptions['onLine'] = (line) => {
    options.onLine(line);
    void tell({ kind: 'line', line });
  };
  const chaos = job.chaos.rules;
  const print = (text: string): void => void tell({ kind: 'span', text });
  const traces = { way: tracesWay(process.env), print };
  const run = { ...options, twoPhase, chaos, traces, keep: true, seed, onLine };
  const { kept, ...outcome } = await runScenario(await loadScenario(job.root, scenario), run);
  await tell({ kind: 'outcome', outcome, serversMs });
  if (kept) return kept;
  throw new Failure('lab-failed', 'the run left no lab to keep.');
}

/** Settles when the message is out; a command that has left hears nothing, and that is no error. */
function tell(message: KeeperMessage): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected) return resolve();
    process.send?.(message, undefined, undefined, () => resolve());
  });
}
