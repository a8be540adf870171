import { Failure } from '@indoubt/failure';
import type { RecordLine } from '@indoubt/record';
import type { Infrastructure } from '../../infrastructure/provider.ts';
import { startIdleLab } from '../../runner/lab/start-idle-lab.ts';
import type { Lab } from '../../runner/lab/start-lab.ts';
import { type RunOptions, runScenario } from '../../runner/scenario/run-scenario.ts';
import { loadScenario } from '../../runner/scenario/scenario-catalogue.ts';
import { tracesExporter } from '../traces-exporter.ts';
import { type Background, runInBackground } from './run-in-background.ts';
import { takeServers } from './servers.ts';
import type { BackgroundLabJob, BackgroundLabMessage } from './start-background-lab.ts';
import { type UpState, upPidFile } from './up-file.ts';

// The process behind `scenario up` and `run --keep`: it runs servers and a lab until SIGTERM.
const job = JSON.parse(process.argv[2] ?? '') as BackgroundLabJob;
const file = upPidFile(job.root);
await runInBackground<UpState, BackgroundLabMessage>(file, runLab);

type LabBackground = Background<UpState, BackgroundLabMessage>;

async function runLab({ signal, send, untilStopped }: LabBackground): Promise<void> {
  const startedAt = new Date();
  const env = process.env;
  const show = (text: string): void => void send({ kind: 'phase', text });
  const cli = { root: job.root, env, signal };
  const { infrastructure } = await takeServers(cli, job.infra, { show });
  const serversMs = Date.now() - startedAt.getTime();
  try {
    const { root, coordination, chaos } = job;
    // A restarted service has a new pid, and `status` must show the new pid.
    let changed: () => void = () => undefined;
    const onLine = (line: RecordLine): void => {
      if (line.kind === 'event' && line.event === 'service-ready') changed();
    };
    const common = { infrastructure, root, coordination, signal, onPhase: show, onLine };
    const lab = await (job.run
      ? runAndKeep(job.run, common, serversMs, send)
      : startIdleLab({ ...common, chaos, traces: tracesExporter(process.env) }));
    try {
      const state = () => stateOf(lab, infrastructure, startedAt);
      changed = () => void file.write(state()).catch(() => undefined);
      await untilStopped(state());
    } finally {
      await lab.stop();
    }
  } finally {
    await infrastructure.stop();
  }
}

function stateOf(lab: Lab, infrastructure: Infrastructure, startedAt: Date): UpState {
  const { provider, databaseUrls, brokers, jaeger, pids, logsDir } = infrastructure;
  return {
    pid: process.pid,
    startedAt: startedAt.toISOString(),
    coordination: lab.coordination,
    chaos: lab.chaos !== null,
    logsDir: lab.logsDir,
    runDir: lab.runDir,
    provider,
    servers: { databaseUrls, brokers, jaeger, pids, logsDir },
    endpoints: lab.endpoints,
  };
}

type Common = Omit<Parameters<typeof startIdleLab>[0], 'chaos' | 'traces'>;

async function runAndKeep(
  { scenario, seed, twoPhase }: NonNullable<BackgroundLabJob['run']>,
  options: Common,
  serversMs: number,
  send: LabBackground['send'],
): Promise<Lab> {
  const onLine: RunOptions['onLine'] = (line) => {
    options.onLine(line);
    void send({ kind: 'line', line });
  };
  const chaos = job.chaos.rules;
  const print = (text: string): void => void send({ kind: 'span', text });
  const traces = { exporter: tracesExporter(process.env), print };
  const run = { ...options, twoPhase, chaos, traces, keep: true, seed, onLine };
  const { kept, ...outcome } = await runScenario(await loadScenario(job.root, scenario), run);
  await send({ kind: 'outcome', outcome, serversMs });
  if (kept) return kept;
  throw new Failure('lab-failed', 'the run was stopped before it ended, so no lab can stay up.');
}
