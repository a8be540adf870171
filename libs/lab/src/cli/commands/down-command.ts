import type { Ended } from '../background/pid-file.ts';
import { endUp } from '../background/up-file.ts';
import { type Cli, writeJson } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { createProgress } from '../progress.ts';
import { stopJaeger } from './jaeger-command.ts';

// Processes get 3 s to drain, the servers some seconds more; a lab that takes longer hangs.
const STOPS_WITHIN_MS = 30_000;

/** Ends the lab that is up, and Jaeger if it was started here; waits until nothing is left. */
export async function downCommand(cli: Cli, { json }: { json?: boolean }): Promise<number> {
  const progress = createProgress(cli.err);
  progress.show('stopping what is up');
  // In this order: what a process sends while it ends must find Jaeger.
  const ended = [await endUp(cli.root, STOPS_WITHIN_MS), await stopJaeger(cli)];
  progress.clear();
  if (json) writeJson(cli, { up: false });
  else cli.out.write(said(ended));
  return EXIT.holds;
}

/** Pure. */
function said(ended: Ended[]): string {
  if (ended.includes('killed')) {
    return 'down: it did not end by itself and was killed; its guards clean up behind it.\n';
  }
  return ended.includes('ended') ? 'down: nothing is left running.\n' : 'nothing is up.\n';
}
