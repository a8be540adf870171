import { Failure } from '@indoubt/failure';
import type { RecordLine } from '@indoubt/record';
import { startKeeper } from '../../runner/lab/keeper.ts';
import type { Lab } from '../../runner/lab/start-lab.ts';
import { type RunOptions, runScenario } from '../../runner/scenario/run-scenario.ts';
import { loadScenario } from '../../runner/scenario/scenario-catalogue.ts';
import { tracesWay } from '../traces-way.ts';
import { type Holding, holdInBackground } from './hold-in-background.ts';
import type { KeeperJob, KeeperMessage } from './keeper-process.ts';
import { takeServers } from './servers.ts';
import { type UpState, upPlace } from './up-file.ts';

// The process behind `scenario up` and `run --keep`: it holds servers and a lab until SIGTERM.
const job = JSON.parse(process.argv[2] ?? '') as KeeperJob;
const place = upPlace(job.root);
await holdInBackground<UpState, KeeperMessage>(place, keep);

async function keep(holding: Keeping): Promise<void> {
  const { signal, tell, untilAsked } = holding;
  const startedAt = new Date();
  const env = process.env;
  const show = (text: string): void => void tell({ kind: 'phase', text });
  const cli = { root: job.root, env, signal };
  const { infrastructure } = await takeServers(cli, job.infra, { show });
  const serversMs = Date.now() - startedAt.getTime();
  try {
    const { root, coordination, chaos } = job;
    // A service that was killed and started again has another pid: `status` must know it.
    let changed: () => void = () => undefined;
    const onLine = (line: RecordLine): void => {
      if (line.kind === 'event' && line.event === 'service-ready') changed();
    };
    const common = { infrastructure, root, coordination, signal, onPhase: show, onLine };
    const lab = await (job.run
      ? runAndKeep(job.run, common, serversMs, tell)
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
      await untilAsked(state());
    } finally {
      await lab.stop();
    }
  } finally {
    await infrastructure.stop();
  }
}

type Keeping = Holding<UpState, KeeperMessage>;
type Common = Omit<Parameters<typeof startKeeper>[0], 'chaos' | 'traces'>;

async function runAndKeep(
  { scenario, seed, twoPhase }: NonNullable<KeeperJob['run']>,
  options: Common,
  serversMs: number,
  tell: Keeping['tell'],
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
