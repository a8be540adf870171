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

const PROBE_MS = 450; // a local daemon replies in 50 ms; all requirements together may take 500 ms
const UP_TIMEOUT_S = 180; // without the time to pull the images
const PORT_ATTEMPTS = 3;

/** Servers in containers, started with the compose file of the checkout. */
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
      what: 'a running Docker daemon',
      found: daemon,
      howToGet: "start Docker, and check that 'docker version' shows a server for this user",
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
 * Starts only Jaeger, from its official image.
 * @throws Failure 'infrastructure-unavailable' with Docker's output; 'interrupted'
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
      // The volumes go too, because they contain the password of this attempt.
      await runProgram('docker', downArguments(project));
      continue;
    }
    const what = 'Docker: the containers did not become ready.';
    throw new Failure('infrastructure-unavailable', explain(what, output, logFile));
  }
}
