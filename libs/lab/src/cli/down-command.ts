import { type Cli, writeJson } from './cli.ts';
import { EXIT } from './exit-code.ts';
import { stopJaeger } from './jaeger-command.ts';
import { createProgress } from './progress.ts';
import { endUp } from './up-file.ts';

// Processes get 3 s to drain, the servers some seconds more; after that the keeper itself hangs.
const STOPS_WITHIN_MS = 30_000;

/** Ends the lab that is up, and Jaeger if it was started here; waits until nothing is left. */
export async function downCommand(cli: Cli, { json }: { json?: boolean }): Promise<number> {
  const progress = createProgress(cli.err);
  progress.show('stopping what is up');
  const [wasUp, hadJaeger] = await Promise.all([endUp(cli.root, STOPS_WITHIN_MS), stopJaeger(cli)]);
  progress.clear();
  if (json) writeJson(cli, { up: false });
  else cli.out.write(wasUp || hadJaeger ? 'down: nothing is left running.\n' : 'nothing is up.\n');
  return EXIT.holds;
}
