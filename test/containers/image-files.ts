import { execFile } from 'node:child_process';
import { cp, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './compose-file.ts';
import {
  dockerfileText,
  dockerignoreText,
  type Instruction,
  isIgnored,
  readStages,
} from './dockerfile.ts';

const run = promisify(execFile);
const RUN_WITHIN_MS = 120_000;

/** What an image has beside its base, and how it is started. */
export interface ImageFiles {
  /** Stands for the image's `/app`. */
  app: string;
  cwd: string;
  command: string[];
  healthcheck: string[];
}

const [packages, service] = readStages(dockerfileText());
const steps = packages?.instructions ?? [];
// As Docker keeps them: what comes ahead of the service's name is the same for all.
const own = steps.findIndex(({ name, rest }) => name === 'ARG' && rest === 'SERVICE');

/**
 * Follows the Dockerfile without Docker: its COPY and RUN in a folder that stands for the root of
 * the file system. What is in its base image (Node, and the pnpm it installs) is this machine's.
 * @param folder  an empty one
 * @returns what makes the files of one service's image, of either target
 */
export async function followDockerfile(folder: string) {
  const shared = join(folder, 'shared');
  await follow(steps.slice(0, own), shared, '');
  return async (name: string): Promise<ImageFiles> => {
    const root = join(folder, name);
    await cp(shared, root, { recursive: true });
    await follow(steps.slice(own), root, name);
    const app = join(root, 'out');
    if (name === 'set-up') await cp(join(root, 'migrations'), app, { recursive: true });
    await rm(join(root, 'app'), { recursive: true }); // so that nothing is found there by mistake
    return {
      app,
      cwd: join(app, 'services', name),
      command: jsonOf('CMD'),
      healthcheck: jsonOf('HEALTHCHECK'),
    };
  };
}

async function follow(instructions: Instruction[], root: string, SERVICE: string): Promise<void> {
  const app = join(root, 'app');
  await mkdir(app, { recursive: true });
  for (const { name, rest } of instructions) {
    if (name === 'COPY') await copy(rest.split(' ').slice(0, -1), app);
    if (name !== 'RUN' || rest.startsWith('npm install --global')) continue;
    const script = rest.replaceAll(/(?<![\w.*])\/(app|out|migrations)\b/g, join(root, '$1'));
    const env = { ...process.env, CI: 'true', SERVICE };
    await run('sh', ['-ec', script], { cwd: app, env, timeout: RUN_WITHIN_MS });
  }
}

/** The build's context is what git knows of the checkout, less what .dockerignore names. */
async function copy(sources: string[], app: string): Promise<void> {
  const { stdout } = await run('git', ['ls-files', '-coz', '--exclude-standard'], { cwd: ROOT });
  const ignore = dockerignoreText();
  const paths = stdout.split('\0').filter((path) => path !== '' && !isIgnored(ignore, path));
  for (const path of sources.includes('.') ? paths : sources) {
    await mkdir(dirname(join(app, path)), { recursive: true });
    // A file that git knows may just have been removed.
    await cp(join(ROOT, path), join(app, path)).catch(ignoreMissing);
  }
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

/** The command of an instruction in its exec form. */
function jsonOf(wanted: string): string[] {
  const { rest = '' } = service?.instructions.find(({ name }) => name === wanted) ?? {};
  return JSON.parse(rest.slice(rest.indexOf('['))) as string[];
}
