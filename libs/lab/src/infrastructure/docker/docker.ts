import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '@indoubt/failure';
import { execa } from 'execa';
import { freePorts } from '../free-ports.ts';
import { explain } from '../process/explain-log.ts';
import { startGuard } from '../process/guard.ts';
import { runProgram } from '../process/run-program.ts';
import type {
  Infrastructure,
  JaegerAddresses,
  Provider,
  Requirement,
  StartContext,
} from '../provider.ts';
import {
  type ComposeProject,
  composeAddresses,
  composeEnvironment,
  type DockerPorts,
  downArguments,
  PORT_VARIABLES,
  SERVERS,
  upArguments,
} from './docker-compose.ts';

const PROBE_MS = 450; // a daemon on this machine answers in 50 ms; all requirements have 500
const UP_TIMEOUT_S = 180; // after the images are there; pulling them is not counted
const PORT_ATTEMPTS = 3;

/** Servers in containers of their own, by the compose file at the root. */
export function dockerProvider(): Provider {
  return { name: 'docker', requirements: dockerRequirements, start: startContainers };
}

async function dockerRequirements(): Promise<Requirement[]> {
  const [client, daemon, compose] = await Promise.all([
    probe(['--version']),
    probe(['version', '--format', '{{.Server.Version}}']),
    probe(['compose', 'version', '--short']),
  ]);
  return [
    {
      what: 'the docker command',
      found: client,
      howToGet: 'install Docker: https://docs.docker.com/get-docker',
    },
    {
      what: 'a Docker daemon that answers',
      found: daemon,
      howToGet: "start Docker, and see that 'docker version' shows a server for this user",
    },
    {
      what: 'Docker Compose, version 2 or later',
      found: compose,
      howToGet: "install the compose plugin, so that 'docker compose version' works",
    },
  ];
}

async function probe(args: string[]): Promise<string | null> {
  const { failed, stdout } = await execa('docker', args, { reject: false, timeout: PROBE_MS });
  return failed || stdout === '' ? null : stdout;
}

async function startContainers(context: StartContext): Promise<Infrastructure> {
  const { addresses, stop } = await startProject(context, SERVERS);
  return { provider: 'docker', ...addresses, pids: {}, servers: null, logsDir: null, stop };
}

/**
 * Jaeger alone, from its official image, which has its own pages.
 * @throws Failure 'infrastructure-unavailable' with Docker's own words; 'interrupted'
 */
export async function startJaegerContainer(
  context: StartContext,
): Promise<{ addresses: JaegerAddresses; stop: () => Promise<void> }> {
  const { addresses, stop } = await startProject(context, ['jaeger']);
  return { addresses: addresses.jaeger, stop };
}

async function startProject(
  context: StartContext,
  servers: readonly string[],
): Promise<{ addresses: ReturnType<typeof composeAddresses>; stop: () => Promise<void> }> {
  const { root } = context;
  const name = `indoubt-${randomBytes(4).toString('hex')}`;
  const down = downArguments({ root, name });
  const guard = startGuard({ lastCommand: ['docker', ...down] });
  const stop = async (): Promise<void> => {
    await runProgram('docker', down);
    await guard.release();
  };
  try {
    return { addresses: await up(name, context, servers), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function up(
  name: string,
  { root, progress, signal }: StartContext,
  servers: readonly string[],
): Promise<ReturnType<typeof composeAddresses>> {
  const logFile = join(root, '.lab', 'logs', 'docker.log');
  await mkdir(join(root, '.lab', 'logs'), { recursive: true });
  progress('Docker: starting the containers (the first time, their images are pulled)');
  for (let attempt = 1; ; attempt++) {
    const ports = (await freePorts(PORT_VARIABLES.length)) as DockerPorts;
    const project: ComposeProject = {
      root,
      name,
      ports,
      password: randomBytes(18).toString('base64url'),
    };
    const args = upArguments(project, UP_TIMEOUT_S, servers);
    const env = composeEnvironment(project);
    const { failed, output } = await runProgram('docker', args, { cancelSignal: signal, env });
    if (signal.aborted) throw new Failure('interrupted', 'Docker: interrupted.');
    if (!failed) return composeAddresses(project);
    await writeFile(logFile, output);
    const portTaken = /port is already allocated|address already in use/i.test(output);
    if (portTaken && attempt < PORT_ATTEMPTS) {
      // With the volumes, for they hold the password of this attempt.
      await runProgram('docker', downArguments(project));
      continue;
    }
    const what = 'Docker: the containers did not become ready.';
    throw new Failure('infrastructure-unavailable', explain(what, output, logFile));
  }
}
