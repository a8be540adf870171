import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '@indoubt/failure';
import { chooseProvider, type WantedProvider } from '../../infrastructure/choose-provider.ts';
import { detectJaeger, namedJaeger } from '../../infrastructure/jaeger/detect-jaeger.ts';
import type { JaegerAddresses } from '../../infrastructure/provider.ts';
import { type JaegerJob, type JaegerState, jaegerPidFile } from '../background/jaeger-file.ts';
import type { Ended } from '../background/pid-file.ts';
import { startBackground } from '../background/start-background.ts';
import { checkVariables } from '../check-variables.ts';
import { type Cli, writeJson } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { createProgress } from '../progress.ts';

/** The document of `jaeger --json`. See docs/json.md. */
export interface JaegerDocument {
  uiUrl: string;
  otlpUrl: string;
  /** Null when the address is not known. */
  thriftUrl: string | null;
  /** Null when this checkout did not start it. */
  pid: number | null;
  logFile: string | null;
}

const STOPS_WITHIN_MS = 10_000;
const POLL_EVERY_MS = 200;
const STOPPED = {
  ended: 'Jaeger is stopped.\n',
  killed: 'Jaeger did not stop within its time-out and was killed. Its guard ends what is left.\n',
  'nothing was there': 'this checkout has no running Jaeger.\n',
} as const satisfies Record<Ended, string>;

/**
 * Starts Jaeger in the background, or shows the Jaeger that already runs.
 * @throws Failure 'infrastructure-unavailable' (definite): Jaeger cannot be built or does not start
 */
export async function jaegerCommand(
  cli: Cli,
  { json, stop, infra }: { json?: boolean; stop?: boolean; infra: WantedProvider },
): Promise<number> {
  if (stop) {
    const ended = await stopJaeger(cli);
    if (json) writeJson(cli, { jaeger: null });
    else cli.out.write(STOPPED[ended]);
    return EXIT.holds;
  }
  const document = await ensureJaeger(cli, infra);
  if (json) writeJson(cli, { jaeger: document });
  else cli.out.write(render(document));
  return EXIT.holds;
}

function render({ uiUrl, otlpUrl, thriftUrl, pid, logFile }: JaegerDocument): string {
  const end = pid === null ? 'not started here' : "'scenario jaeger --stop' stops it";
  const rows = [
    ['Jaeger', `${uiUrl}  (${end})`],
    ['OTLP', otlpUrl],
    ...(thriftUrl === null ? [] : [['Thrift', thriftUrl]]),
    ...(logFile === null ? [] : [['log', logFile]]),
  ];
  const lines = rows.map(([name = '', value = '']) => `  ${name.padEnd(14)}${value}`);
  return `${lines.join('\n')}\nLater runs send their traces there and print the links.\n`;
}

/**
 * Finds the running Jaeger, or starts one in the background. While another command starts one, this
 * function waits and then searches again.
 */
async function ensureJaeger(cli: Cli, infra: WantedProvider): Promise<JaegerDocument> {
  checkVariables(cli.env);
  const file = jaegerPidFile(cli.root);
  for (;;) {
    const own = await file.read();
    const found = await detectJaeger(cli.env, cli.root);
    if (found !== null) {
      const isOurs = own?.ready === true && own.uiUrl === found.uiUrl;
      return documentOf(found, isOurs ? own : null);
    }
    refuseNamed(cli.env);
    if (own?.ready === false) {
      await untilStarted(cli, own.pid);
      continue;
    }
    // Our Jaeger runs and does not reply. It must stop first, because it owns the pid file.
    if (own?.ready) await stopJaeger(cli);
    try {
      const state = await start(cli, infra);
      return documentOf(state, state);
    } catch (error) {
      // Another command claimed the pid file between our read and our start.
      if (cli.signal.aborted || (await file.read()) === null) throw error;
    }
  }
}

/** @throws Failure 'infrastructure-unavailable' when the environment names a Jaeger (not ours) */
function refuseNamed(env: Cli['env']): void {
  const named = namedJaeger(env);
  if (named === null) return;
  const what = `the Jaeger that the environment names does not reply: ${named.uiUrl}`;
  const next = 'Next: start it, or unset INDOUBT_JAEGER_URL, INDOUBT_OTLP_URL, INDOUBT_THRIFT_URL.';
  throw new Failure('infrastructure-unavailable', `${what}\n${next}`);
}

/** Waits until another process has started its Jaeger or has given up. */
async function untilStarted({ root, err, signal }: Cli, pid: number): Promise<void> {
  const file = jaegerPidFile(root);
  const progress = createProgress(err);
  progress.show(`process ${pid} is starting Jaeger: waiting for it`);
  try {
    for (let own = await file.read(); own?.ready === false; own = await file.read()) {
      await delay(POLL_EVERY_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) throw new Failure('interrupted', 'interrupted.');
    }
  } finally {
    progress.clear();
  }
}

/** Starts Jaeger for a command, unless its servers are containers, which include a Jaeger. */
export async function jaegerFor(cli: Cli, infra: WantedProvider): Promise<void> {
  const { root, env } = cli;
  checkVariables(env);
  const { name } = await chooseProvider({ wanted: infra, env, root });
  if (name !== 'docker') await ensureJaeger(cli, 'auto');
}

async function start(cli: Cli, infra: WantedProvider): Promise<JaegerState> {
  const progress = createProgress(cli.err);
  try {
    progress.show('starting Jaeger');
    return await startBackground<JaegerState>(cli, {
      main: 'jaeger-main.ts',
      argument: JSON.stringify({ root: cli.root, infra } satisfies JaegerJob),
      runs: 'Jaeger',
      log: 'background-jaeger.log',
      onMessage(message) {
        if (message.kind === 'phase') progress.show(message.text);
      },
    });
  } finally {
    progress.clear();
  }
}

function documentOf(addresses: JaegerAddresses, state: JaegerState | null): JaegerDocument {
  const { uiUrl, otlpUrl, thriftUrl = null } = addresses;
  const { pid = null, logFile = null } = state ?? {};
  return { uiUrl, otlpUrl, thriftUrl, pid, logFile };
}

/** Stops the Jaeger that this checkout started. */
export function stopJaeger({ root }: Pick<Cli, 'root'>): Promise<Ended> {
  return jaegerPidFile(root).end(STOPS_WITHIN_MS);
}
