import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** One bound for all of it, waiting included: twice that is still less than a hook may take. */
const WITHIN_MS = 100_000;
const TOOLS = join(import.meta.dirname, '..', '..', '.lab', 'tools');
const POLICY = '/usr/sbin/policy-rc.d';
/** Which run of the tests this is: test/run.ts says; else the one of vitest, our parent. */
const RUN = process.env['IN_DOUBT_TEST_RUN'] ?? `of ${process.ppid}`;
const OUT_OF_TIME = 124; // says timeout(1)
/** Nobody is installing there either: a program on PATH is all there. */
const NO_DEBIAN = 'this system has no apt-get';

// Under the lock, so that who waits for it finds either the program or why it could not be had:
// what was begun counts as failed until it is done. A service that a package brings with it must
// not be started: what a test needs it starts itself, and ends it. `policy-rc.d` is Debian's own
// word for that; one that is there already stays.
const INSTALL = `
run=$1 failed=$2 policy=$3 program=$4
shift 4
command -v "$program" >/dev/null && exit 0
give_up() { echo "$1" >&2; exit 1; }
[ "$(id -u)" = 0 ] || give_up 'only root may install packages'
command -v apt-get >/dev/null || give_up 'this system has no apt-get'
[ "$(head -n 1 "$failed" 2>/dev/null)" != "$run" ] || give_up "$(tail -n 1 "$failed")"
tell() { printf '%s\\n%s\\n' "$run" "$1" >"$failed"; }
tell 'apt-get was ended before it was done'
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
  tell "apt-get failed: $(tail -n 1 "$failed.said")"
  give_up "$(tail -n 1 "$failed")"
}
get update
get install -y --no-install-recommends "$@"
rm -f "$failed" "$failed.said"
`;

interface Options {
  /** How long it may take altogether, waiting for another set-up included. */
  withinMs?: number;
  /** Ends it. */
  signal?: AbortSignal;
  /** Where the lock is, and what tells that it has failed. */
  folder?: string;
  /** Debian's file that says whether services are started. */
  policy?: string;
}

/**
 * Brings a program of Debian's that a test needs: the one on PATH, or else installed with apt-get
 * where that is allowed (as root). One set-up at a time: others wait for it (`flock`), and what has
 * failed once is not tried again in the same run of the tests. Out of time, apt-get and all that it
 * has started is ended, and so the lock is free.
 * @param packages  Debian's names of what to install
 * @param program   what must be on PATH then
 * @returns its path; null (and a line on stderr says why) where the test has to be skipped
 */
export async function bringDebian(
  packages: string[],
  program: string,
  { withinMs = WITHIN_MS, signal, folder = TOOLS, policy = POLICY }: Options = {},
): Promise<string | null> {
  await mkdir(folder, { recursive: true });
  const failed = join(folder, 'debian-failed');
  const command = ['sh', '-c', INSTALL, 'sh', RUN, failed, policy, program, ...packages];
  // `timeout` makes a process group and ends all of it, be it out of time or told to.
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
  const said = String(stderr).trim().split('\n').at(-1) ?? '';
  return said === '' ? `the set-up ended with ${String(code)}` : said.slice(0, 300);
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
