import { readUp } from '../background/up-file.ts';
import { type Cli, writeJson } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { renderStatus, statusDocument } from '../status.ts';

/** Shows the running lab of this checkout. The exit code is 0 also when no lab is up. */
export async function statusCommand(cli: Cli, { json }: { json?: boolean }): Promise<number> {
  const up = await readUp(cli.root);
  if (json) writeJson(cli, up?.ready ? statusDocument(up) : { up: false });
  else if (up?.ready) cli.out.write(renderStatus(up, cli.out.paint));
  else if (up) cli.out.write(`process ${up.pid} is starting a lab.\n`);
  else cli.out.write("no lab is up. 'scenario up' starts one in the background.\n");
  return EXIT.holds;
}
