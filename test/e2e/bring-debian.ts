import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const WITHIN_MS = 240_000;
const TOOLS = join(import.meta.dirname, '..', '..', '.lab', 'tools');
const LOCK = join(TOOLS, 'debian.lock');

// A service that a package brings with it must not be started: what a test needs it starts itself,
// and ends it. `policy-rc.d` is Debian's own word for that; one that is there already stays.
const INSTALL = `
set -e
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\\nexit 101\\n' >"$policy"
  chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
apt-get -qq install -y --no-install-recommends "$@"
`;

/**
 * Brings a program of Debian's that a test needs: the one on PATH, or else installed with apt-get
 * where that is allowed (as root). One set-up at a time: others wait for it (`flock`).
 * @param packages  Debian's names of what to install
 * @param program   what must be on PATH then
 * @returns its path; null (and a line on stderr says why) where the test has to be skipped
 */
export async function bringDebian(packages: string[], program: string): Promise<string | null> {
  // A program is on PATH before what it needs is: whoever installs it now must be waited for.
  await run('flock', [LOCK, 'true'], { timeout: WITHIN_MS }).catch(() => undefined);
  const there = await findProgram(program);
  if (there !== undefined) return there;
  const why = await install(packages);
  const brought = why === undefined ? await findProgram(program) : undefined;
  if (brought !== undefined) return brought;
  const next = `Next: install ${packages.join(' ')}.`;
  process.stderr.write(`SKIPPED: no ${program} (${why ?? 'not in these packages'}). ${next}\n`);
  return null;
}

/** @returns why it could not be; undefined when all is installed */
async function install(packages: string[]): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'only root may install packages';
  if ((await findProgram('apt-get')) === undefined) return 'this system has no apt-get';
  await mkdir(TOOLS, { recursive: true });
  const command = ['sh', '-c', INSTALL, 'sh', ...packages];
  return run('flock', [LOCK, ...command], { timeout: WITHIN_MS }).then(
    () => undefined,
    (error) => `apt-get failed: ${String(error).trim().split('\n').at(-1)?.slice(0, 300)}`,
  );
}

async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}
