import type { Ended } from '../background/pid-file.ts';
import { endUp } from '../background/up-file.ts';
import { type Cli, writeJson } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { createProgress } from '../progress.ts';
import { stopJaeger } from './jaeger-command.ts';

// Processes have 3 s to drain, and the servers take some seconds more. A slower lab hangs.
const STOPS_WITHIN_MS = 30_000;

/** Stops the running lab and the Jaeger of this checkout, and waits until their processes end. */
export async function downCommand(cli: Cli, { json }: { json?: boolean }): Promise<number> {
  const progress = createProgress(cli.err);
  progress.show('stopping the lab');
  // The lab stops first, because its processes still send spans to Jaeger while they stop.
  const ended = [await endUp(cli.root, STOPS_WITHIN_MS), await stopJaeger(cli)];
  progress.clear();
  if (json) writeJson(cli, { up: false });
  else cli.out.write(renderEnded(ended));
  return EXIT.holds;
}

/** Pure. */
function renderEnded(ended: Ended[]): string {
  if (ended.includes('killed')) {
    return 'killed: the lab did not stop in time. Its guards end the remaining processes.\n';
  }
  return ended.includes('ended') ? 'stopped: no process is left running.\n' : 'no lab is up.\n';
}
