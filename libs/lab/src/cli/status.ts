import type { Coordination } from '@indoubt/contracts';
import type { Endpoints } from '../evidence/run-result.ts';
import type { ProviderName } from '../infrastructure/provider.ts';
import type { Paint } from '../text/paint.ts';
import { isAlive } from './background/pid-file.ts';
import type { UpState } from './background/up-file.ts';

/** The document of `up --json` and `status --json` when a lab is up. See docs/json.md. */
export interface StatusDocument {
  up: true;
  pid: number;
  startedAt: string;
  provider: ProviderName;
  coordination: Coordination;
  /** Whether `scenario chaos` can arm faults in it. */
  chaos: boolean;
  endpoints: Endpoints;
  servers: { name: string; pid: number }[];
  /** Names of services and servers whose process is gone. */
  dead: string[];
  runDir: string;
  logsDir: string;
  serverLogsDir: string | null;
}

export function statusDocument({ servers, ...up }: UpState): StatusDocument {
  const { pid, startedAt, provider, coordination, chaos, endpoints, runDir, logsDir } = up;
  const processes = Object.entries(servers.pids).map(([name, pid]) => ({ name, pid }));
  const dead = [...endpoints.services, ...processes].filter(({ pid }) => !isAlive(pid));
  return {
    up: true,
    pid,
    startedAt,
    provider,
    coordination,
    chaos,
    endpoints,
    servers: processes,
    dead: dead.map(({ name }) => name),
    runDir,
    logsDir,
    serverLogsDir: servers.logsDir,
  };
}

/** Prints every address of a lab, passwords included: they are valid only for this lab. */
export function renderStatus(state: UpState, paint: Paint): string {
  const document = statusDocument(state);
  const { endpoints, servers, dead } = document;
  const mark = (name: string): string => (dead.includes(name) ? paint.red('  gone') : '');
  const nameWidth = 22; // the width of postgres-coordinator and a gap
  const row = (name: string, value: string): string => `  ${name.padEnd(nameWidth)}${value}`;
  return [
    paint.bold(`up since ${state.startedAt}, ${state.provider} servers, pid ${state.pid}`),
    ...endpoints.services.map(({ name, url, pid }) => row(name, `${url}  pid ${pid}${mark(name)}`)),
    ...Object.entries(endpoints.databases).map(([name, url]) => row(`${name} rows`, url)),
    row('coordination', state.coordination),
    row(
      'faults',
      state.chaos
        ? "'scenario chaos' can arm them"
        : "cannot be armed (needs 'scenario up --chaos')",
    ),
    row('brokers', endpoints.brokers.join(', ')),
    row('topic prefix', endpoints.topicPrefix),
    ...servers.map(({ name, pid }) => row(name, `pid ${pid}${mark(name)}`)),
    row('Jaeger', endpoints.jaegerUrl ?? "not running ('scenario up --jaeger' starts it)"),
    row('secret', endpoints.secret),
    row('logs', state.logsDir),
    "'scenario run NAME' uses these servers. 'scenario down' stops everything.\n",
  ].join('\n');
}
