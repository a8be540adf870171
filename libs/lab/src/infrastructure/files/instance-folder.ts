import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '@indoubt/failure';
import { type Account, canRead } from '../process/unprivileged-account.ts';

/** The folder for everything that one start of the servers writes. The stop removes it. */
export interface InstanceFolder {
  dir: string;
  logsDir: string;
  /** The servers' account cannot read the checkout, so the programs must be copied in here too. */
  isElsewhere: boolean;
}

/** After this time a crashed start and its guard have certainly ended. */
const LEFTOVER_AGE_MS = 60 * 60 * 1000;

/**
 * Makes `.lab/instances/<pid>-<random>`. If the account of Postgres cannot enter the checkout (such
 * as below root's home), the folder is made in the system's temporary directory. The alternatives
 * are worse: opening root's home, or giving Postgres the right to read every file of the machine.
 * @param mustRead  files that the account must be able to read to use the checkout
 */
export async function makeInstanceFolder(
  root: string,
  account: Account | undefined,
  mustRead: string[],
): Promise<InstanceFolder> {
  const parent = join(root, '.lab', 'instances');
  await mkdir(parent, { recursive: true });
  await removeLeftovers(parent);
  const dir = join(parent, `${process.pid}-${randomBytes(3).toString('hex')}`);
  await makeEnterable(dir);
  const logsDir = await makeLogs(dir);
  if (!account || (await canRead(account, [logsDir, ...mustRead]))) {
    return { dir, logsDir, isElsewhere: false };
  }
  await rm(dir, { recursive: true });
  return makeElsewhere(account);
}

async function makeElsewhere(account: Account): Promise<InstanceFolder> {
  for (const parent of new Set([tmpdir(), '/tmp', '/var/tmp'])) {
    const dir = await mkdtemp(join(parent, 'in-doubt-')).catch(() => null);
    if (dir === null) continue;
    await chmod(dir, ENTERABLE);
    const logsDir = await makeLogs(dir);
    if (await canRead(account, [logsDir])) return { dir, logsDir, isElsewhere: true };
    await rm(dir, { recursive: true });
  }
  throw new Failure(
    'infrastructure-unavailable',
    `Postgres runs as '${account.name}' (it refuses root), and that account can reach neither ` +
      'the checkout nor a temporary folder.\n' +
      'Next: move the checkout to a folder that others may enter, or run as an ordinary user.',
  );
}

// Other accounts may pass through to their own files inside, but cannot list the folder.
const ENTERABLE = 0o711;

async function makeEnterable(dir: string): Promise<void> {
  await mkdir(dir);
  await chmod(dir, ENTERABLE); // regardless of the umask
}

async function makeLogs(dir: string): Promise<string> {
  const logsDir = join(dir, 'logs');
  await mkdir(logsDir);
  await chmod(logsDir, 0o755);
  return logsDir;
}

/** Folders whose process and guard both died with the machine. */
async function removeLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const path = join(parent, name);
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (age < LEFTOVER_AGE_MS || isAlive(Number.parseInt(name, 10))) continue;
    await rm(path, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
