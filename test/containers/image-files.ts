import { execFile } from 'node:child_process';
import { cp, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { scaled } from '../runner/slowness.ts';
import { ROOT } from './compose-file.ts';
import {
  dockerfileText,
  dockerignoreText,
  type Instruction,
  isIgnored,
  readStages,
} from './dockerfile.ts';

const run = promisify(execFile);
const RUN_WITHIN_MS = scaled(120_000);

/** The files of an image without its base, and its start command. */
export interface ImageFiles {
  /** The folder that stands for `/app` in the image. */
  app: string;
  cwd: string;
  command: string[];
  healthcheck: string[];
}

const [packages, service] = readStages(dockerfileText());
const steps = packages?.instructions ?? [];
// As in Docker's cache: the steps before the name of the service are the same for all services.
const own = steps.findIndex(({ name, rest }) => name === 'ARG' && rest === 'SERVICE');

/**
 * Follows the Dockerfile without Docker: runs its COPY and RUN steps in a folder that stands for
 * the root of the file system. Node and pnpm of this machine stand for those of the base image.
 * @param folder  an empty folder
 * @returns a function that makes the files of the image of one service, for either target
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
    // Removed, so that the image of a service cannot use files of the folder that was copied.
    await rm(join(root, 'app'), { recursive: true });
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

/** Copies from the build context: files of the checkout in git that .dockerignore does not name. */
async function copy(sources: string[], app: string): Promise<void> {
  const { stdout } = await run('git', ['ls-files', '-coz', '--exclude-standard'], { cwd: ROOT });
  const ignore = dockerignoreText();
  const paths = stdout.split('\0').filter((path) => path !== '' && !isIgnored(ignore, path));
  for (const path of sources.includes('.') ? paths : sources) {
    await mkdir(dirname(join(app, path)), { recursive: true });
    // A file in git's index may have been removed from the disk.
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
