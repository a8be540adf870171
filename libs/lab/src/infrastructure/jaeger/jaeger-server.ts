import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import getPort from 'get-port';
import { freePorts } from '../free-ports.ts';
import { startGuard } from '../process/guard.ts';
import { startServer, stopServers, untilReady } from '../process/server-process.ts';
import type { JaegerAddresses, StartContext } from '../provider.ts';
import { jaegerAnswers } from './detect-jaeger.ts';
import { jaegerProgram } from './jaeger-program.ts';

const UI_FOLDER = join(import.meta.dirname, '..', '..', '..', 'jaeger', 'ui');
/** Traces in memory; the oldest are dropped first. A scenario has only a few traces. */
const TRACES_MAX = 20_000;
/** Spans in Jaeger's queue. With its default of 2,000, Jaeger silently drops spans of a storm. */
const QUEUE_SPANS_MAX = 200_000;
const START_MS = 20_000;
const ATTEMPTS = 3;
// Jaeger's default ports.
const UI_PORT = 16_686;
const OTLP_PORT = 4_318;
const THRIFT_PORT = 14_268;

/** A running Jaeger that this process started. */
export interface StartedJaeger {
  addresses: Required<JaegerAddresses>;
  pid: number;
  logFile: string;
  /** Settles when its process has ended for any reason. */
  exited: Promise<void>;
  stop: () => Promise<void>;
}

/**
 * Starts Jaeger as one process on loopback, at its default ports where they are free. The program
 * is built first if necessary. If this process dies, a guard ends Jaeger.
 * @throws Failure 'infrastructure-unavailable' with what to do; 'interrupted'
 */
export async function startJaeger(context: StartContext): Promise<StartedJaeger> {
  const program = await jaegerProgram(context);
  const logsDir = join(context.root, '.lab', 'logs');
  await mkdir(logsDir, { recursive: true });
  const logFile = join(logsDir, 'jaeger.log');
  for (let attempt = 1; ; attempt++) {
    await rm(logFile, { force: true });
    try {
      return await startOnce(program, logFile, attempt === 1, context.signal);
    } catch (error) {
      // Another program took a port between our check and the bind: try again with free ports.
      if (attempt === ATTEMPTS || !/address already in use/.test(String(error))) throw error;
    }
  }
}

interface Ports {
  ui: number;
  otlp: number;
  thrift: number;
}

async function startOnce(
  program: string,
  logFile: string,
  atUsualPorts: boolean,
  signal: AbortSignal,
): Promise<StartedJaeger> {
  const ports = await choosePorts(atUsualPorts);
  const addresses = {
    uiUrl: `http://127.0.0.1:${ports.ui}`,
    otlpUrl: `http://127.0.0.1:${ports.otlp}`,
    thriftUrl: `http://127.0.0.1:${ports.thrift}`,
  };
  const guard = startGuard();
  const server = await startServer({
    name: 'Jaeger',
    command: program,
    args: await jaegerArguments(ports),
    cwd: '/',
    logFile,
    guard,
    lastSignal: 'KILL',
    // Otherwise Jaeger traces itself and appears as a service beside those of the lab.
    env: { OTEL_TRACES_SAMPLER: 'always_off' },
  });
  const stop = async (): Promise<void> => {
    await stopServers([{ server, signal: 'SIGTERM' }]);
    await guard.release();
  };
  try {
    const probe = () => jaegerAnswers(addresses);
    await untilReady(server, { probe, timeoutMs: START_MS, signal });
    return { addresses, pid: server.pid, logFile, exited: server.exited, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function choosePorts(atUsualPorts: boolean): Promise<Ports> {
  const [ui, otlp, thrift] = await freePorts(3);
  const free = { ui, otlp, thrift } as Ports;
  if (!atUsualPorts) return free;
  return {
    ui: await usualOr(UI_PORT, free.ui),
    otlp: await usualOr(OTLP_PORT, free.otlp),
    thrift: await usualOr(THRIFT_PORT, free.thrift),
  };
}

async function usualOr(usual: number, other: number): Promise<number> {
  return (await getPort({ host: '127.0.0.1', port: usual })) === usual ? usual : other;
}

/** Every listener gets a loopback address. Otherwise Jaeger listens on all interfaces. */
async function jaegerArguments({ ui, otlp, thrift }: Ports): Promise<string[]> {
  const [admin, grpc, otlpGrpc, queryGrpc] = await freePorts(4);
  const listeners = {
    'query.http-server': ui,
    'query.grpc-server': queryGrpc,
    'collector.otlp.http': otlp,
    'collector.otlp.grpc': otlpGrpc,
    'collector.http-server': thrift,
    'collector.grpc-server': grpc,
    'admin.http': admin,
  };
  return [
    ...Object.entries(listeners).map(([name, port]) => `--${name}.host-port=127.0.0.1:${port}`),
    `--memory.max-traces=${TRACES_MAX}`,
    `--collector.queue-size=${QUEUE_SPANS_MAX}`,
    `--query.static-files=${UI_FOLDER}`,
    '--log-level=warn',
  ];
}
