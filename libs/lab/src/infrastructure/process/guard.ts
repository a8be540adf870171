import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/**
 * How the guard ends a process group. QUIT is Postgres's immediate shutdown: it gives its shared
 * memory back to the system, which KILL would leave behind. Whoever survives gets KILL.
 */
export type LastSignal = 'KILL' | 'QUIT';

/** Outlives this process by a moment, in order to clean up behind it. */
export interface Guard {
  /** Ends the process group led by `pid` if this process dies. Call it right after the spawn. */
  add: (pid: number, lastSignal?: LastSignal) => void;
  /** Forgets a group that has ended: its number may come to belong to somebody else. */
  remove: (pid: number) => void;
  /** All is cleaned up: the guard leaves without touching anything. */
  release: () => Promise<void>;
}

export interface GuardOptions {
  /** Folder to remove once the processes are gone. */
  dir?: string;
  /** Program and arguments to run at the very end, such as `docker compose down`. */
  lastCommand?: string[];
}

/**
 * The kernel closes our end of the pipe however we die, kill -9 included; `read` then reports end
 * of file. No handler inside this process could promise that. $1 is the folder, the rest a command.
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
 * Starts a guard: a tiny shell in its own session, so that Ctrl-C at the terminal passes it by. It
 * holds the other end of a pipe from this process and acts when that closes without `release`.
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
  // A guard that was itself killed must not take the lab with it (EPIPE).
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
