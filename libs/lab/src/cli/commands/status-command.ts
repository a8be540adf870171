import { readUp } from '../background/up-file.ts';
import { type Cli, writeJson } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { renderStatus, statusDocument } from '../status.ts';

/** What is up in this checkout; that nothing is, is an answer too. */
export async function statusCommand(cli: Cli, { json }: { json?: boolean }): Promise<number> {
  const up = await readUp(cli.root);
  if (json) writeJson(cli, up?.ready ? statusDocument(up) : { up: false });
  else if (up?.ready) cli.out.write(renderStatus(up, cli.out.paint));
  else if (up) cli.out.write(`a lab is being brought up by process ${up.pid}.\n`);
  else cli.out.write("nothing is up. 'scenario up' brings a lab up and leaves it.\n");
  return EXIT.holds;
}
