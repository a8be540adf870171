import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { scaled } from '../runner/slowness.ts';

const run = promisify(execFile);

/** One bound for the set-up and the wait for its lock. A hook has time for two set-ups. */
const WITHIN_MS = scaled(100_000);
const TOOLS = join(import.meta.dirname, '..', '..', '.lab', 'tools');
const POLICY = '/usr/sbin/policy-rc.d';
/** The id of this test run: set by test/run.ts, or made from the pid of vitest, our parent. */
const RUN = process.env['IN_DOUBT_TEST_RUN'] ?? `of ${process.ppid}`;
const OUT_OF_TIME = 124; // the exit code of timeout(1)
/** On such a system no other process installs programs: a program on PATH is complete. */
const NO_DEBIAN = 'this system has no apt-get';

// This script runs under the lock, so that the next owner of the lock finds either the program or
// the reason of the failure. A set-up counts as failed until it is done. Services of the packages
// must not be started: each test starts and ends its own processes. `policy-rc.d` is how Debian
// forbids the start; an existing `policy-rc.d` is not changed.
const INSTALL = `
run=$1 failed=$2 policy=$3 program=$4
shift 4
command -v "$program" >/dev/null && exit 0
give_up() { echo "$1" >&2; exit 1; }
[ "$(id -u)" = 0 ] || give_up 'only root may install packages'
command -v apt-get >/dev/null || give_up 'this system has no apt-get'
[ "$(head -n 1 "$failed" 2>/dev/null)" != "$run" ] || give_up "$(tail -n 1 "$failed")"
record() { printf '%s\\n%s\\n' "$run" "$1" >"$failed"; }
record 'apt-get was ended before it was done'
trap 'exit 143' TERM INT HUP
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\\nexit 101\\n' >"$policy"
  chmod 755 "$policy"
fi
export DEBIAN_FRONTEND=noninteractive
get() {
  apt-get -qq -o Acquire::Retries=0 -o Acquire::http::Timeout=15 -o Acquire::https::Timeout=15 \\
    -o Dpkg::Use-Pty=0 "$@" 2>"$failed.said" && return
  record "apt-get failed: $(tail -n 1 "$failed.said")"
  give_up "$(tail -n 1 "$failed")"
}
get update
get install -y --no-install-recommends "$@"
rm -f "$failed" "$failed.said"
`;

interface Options {
  /** The bound for the set-up, including the wait for another set-up. */
  withinMs?: number;
  /** Ends the set-up. */
  signal?: AbortSignal;
  /** The folder of the lock and of the record of a failure. */
  folder?: string;
  /** Debian's script that decides whether services are started. */
  policy?: string;
}

/**
 * Finds a program of Debian that a test needs. If it is not on PATH, it is installed with apt-get,
 * which only root may do. One set-up runs at a time, and others wait for it (`flock`). A failed
 * set-up is not tried again in the same test run. At the time-out, apt-get and all its children are
 * ended, which frees the lock.
 * @param packages  the Debian packages to install
 * @param program   the name of the program, to be found on PATH
 * @returns its path; null, and the reason on stderr, if the test must be skipped
 */
export async function bringDebian(
  packages: string[],
  program: string,
  { withinMs = WITHIN_MS, signal, folder = TOOLS, policy = POLICY }: Options = {},
): Promise<string | null> {
  await mkdir(folder, { recursive: true });
  const failed = join(folder, 'debian-failed');
  const command = ['sh', '-c', INSTALL, 'sh', RUN, failed, policy, program, ...packages];
  // `timeout` makes a process group, and ends the whole group at the time-out or on a signal.
  const bounded = [
    '--kill-after=5',
    String(withinMs / 1_000),
    'flock',
    join(folder, 'debian.lock'),
  ];
  const why = await run('timeout', [...bounded, ...command], { signal }).then(
    () => undefined,
    (error: unknown) => whyNot(error, withinMs),
  );
  const isSetUp = why === undefined || why === NO_DEBIAN;
  const brought = isSetUp ? await findProgram(program) : undefined;
  if (brought !== undefined) return brought;
  const next = `Next: install ${packages.join(' ')}.`;
  process.stderr.write(`SKIPPED: no ${program} (${why ?? 'not in these packages'}). ${next}\n`);
  return null;
}

function whyNot(error: unknown, withinMs: number): string {
  const { code, stderr } = Object(error) as { code?: unknown; stderr?: unknown };
  if (code === 'ENOENT') return NO_DEBIAN;
  if (code === 'ABORT_ERR') return 'the set-up was ended';
  if (code === OUT_OF_TIME) return `neither here nor installed within ${withinMs / 1_000} s`;
  const lastLine = String(stderr).trim().split('\n').at(-1) ?? '';
  return lastLine === '' ? `the set-up ended with ${String(code)}` : lastLine.slice(0, 300);
}

async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    const isThere = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return undefined;
}
