import { setTimeout as delay } from 'node:timers/promises';
import { type Cli, writeJson } from './cli.ts';
import { EXIT } from './exit-code.ts';
import { createProgress } from './progress.ts';
import { isKeeper, readUp, removeUp } from './up-file.ts';

// Processes get 3 s to drain, the servers some seconds more; after that the keeper itself hangs.
const STOPS_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 50;

/** Ends the lab that is up, and waits until nothing of it is left. */
export async function downCommand(cli: Cli, { json }: { json?: boolean }): Promise<number> {
  const up = await readUp(cli.root);
  if (up !== null) await end(cli, up.pid);
  await removeUp(cli.root);
  if (json) writeJson(cli, { up: false });
  else cli.out.write(up === null ? 'nothing is up.\n' : 'down: nothing is left running.\n');
  return EXIT.holds;
}

async function end({ err }: Cli, pid: number): Promise<void> {
  const progress = createProgress(err);
  progress.show('stopping the lab and its servers');
  process.kill(pid, 'SIGTERM');
  const until = Date.now() + STOPS_WITHIN_MS;
  while (isKeeper(pid) && Date.now() < until) await delay(LOOK_EVERY_MS);
  // Killed, its guards still end the servers and the services behind it.
  if (isKeeper(pid)) process.kill(pid, 'SIGKILL');
  progress.clear();
}
