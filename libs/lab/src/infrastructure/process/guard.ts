import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/**
 * The signal by which the guard ends a process group. QUIT is the immediate shutdown of Postgres,
 * which frees its shared memory; KILL would not. Processes that survive get KILL.
 */
export type LastSignal = 'KILL' | 'QUIT';

/** A small process that outlives this process in order to clean up after it. */
export interface Guard {
  /** Ends the process group led by `pid` if this process dies. Call it right after the spawn. */
  add: (pid: number, lastSignal?: LastSignal) => void;
  /** Forgets a group that has ended, because another process may get its number. */
  remove: (pid: number) => void;
  /** Ends the guard without any clean-up. */
  release: () => Promise<void>;
}

export interface GuardOptions {
  /** Folder to remove once the processes are gone. */
  dir?: string;
  /** Program and arguments to run at the very end, such as `docker compose down`. */
  lastCommand?: string[];
}

/**
 * The kernel closes this process's end of the pipe after any death, also after kill -9. `read` then
 * gets an end of file. A handler in this process could not guarantee that. $1 is the folder, the
 * other arguments are a command.
 */
const SCRIPT = `
trap '' HUP INT TERM
groups=
while read -r verb pid signal; do
  case $verb in
    add) groups="$groups $pid:$signal" ;;
    remove)
      kept=
      for group in $groups; do [ "\${group%:*}" = "$pid" ] || kept="$kept $group"; done
      groups=$kept ;;
    release) exit 0 ;;
  esac
done
for group in $groups; do kill -s "\${group#*:}" -- "-\${group%:*}" 2>/dev/null; done
checks=0
while [ $checks -lt 20 ]; do
  left=
  for group in $groups; do kill -s 0 -- "-\${group%:*}" 2>/dev/null && left=yes; done
  [ -n "$left" ] || break
  sleep 0.05
  checks=$((checks + 1))
done
for group in $groups; do kill -s KILL -- "-\${group%:*}" 2>/dev/null; done
if [ -n "$1" ]; then rm -rf -- "$1" || { sleep 0.5; rm -rf -- "$1"; }; fi
shift
[ $# -eq 0 ] || "$@"
`;

/**
 * Starts a guard: a shell in its own session, so that Ctrl-C at the terminal does not reach it. The
 * guard reads a pipe from this process, and cleans up when the pipe closes without `release`.
 */
export function startGuard({ dir = '', lastCommand = [] }: GuardOptions = {}): Guard {
  const child = spawn('sh', ['-c', SCRIPT, 'in-doubt-guard', dir, ...lastCommand], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const pipe = child.stdin;
  // If the guard is killed, writes fail with EPIPE, which must not crash this process.
  pipe.on('error', () => undefined);
  // Neither the child nor the pipe keeps this process alive.
  child.unref();
  (pipe as Socket).unref();
  return {
    add: (pid, lastSignal = 'KILL') => void pipe.write(`add ${pid} ${lastSignal}\n`),
    remove: (pid) => void pipe.write(`remove ${pid}\n`),
    release: async () => {
      child.ref();
      pipe.end('release\n');
      await gone;
    },
  };
}
