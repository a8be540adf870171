import { Failure } from '@indoubt/failure';
import type { WantedProvider } from '../infrastructure/choose-provider.ts';
import { checkVariables } from './check-variables.ts';
import { type Cli, writeJson } from './cli.ts';
import { EXIT } from './exit-code.ts';
import { startKeeperProcess } from './keeper-process.ts';
import { createProgress } from './progress.ts';
import { renderStatus, statusDocument } from './status.ts';
import { readUp, type UpState } from './up-file.ts';

/** Brings a lab up and leaves it; one that is up already is shown as it is. */
export async function upCommand(
  cli: Cli,
  { infra, json }: { infra: WantedProvider; json?: boolean },
): Promise<number> {
  checkVariables(cli.env);
  const up = (await readyLab(cli, infra)) ?? (await bringUp(cli, infra));
  if (json) writeJson(cli, statusDocument(up));
  else cli.out.write(renderStatus(up, cli.out.paint));
  return EXIT.holds;
}

async function readyLab({ root, err }: Cli, infra: WantedProvider): Promise<UpState | null> {
  const up = await readUp(root);
  if (up === null) return null;
  if (!up.ready)
    throw new Failure('lab-failed', 'another command is bringing the lab up just now.');
  if (infra !== 'auto' && infra !== up.provider) {
    const what = `a lab is up already, with ${up.provider} servers and not ${infra}.`;
    throw new Failure('lab-failed', `${what}\nNext: 'scenario down', then this again.`);
  }
  err.write('  already up\n');
  return up;
}

async function bringUp(cli: Cli, infra: WantedProvider): Promise<UpState> {
  const progress = createProgress(cli.err);
  try {
    return await startKeeperProcess(cli, { root: cli.root, infra, run: null }, (message) => {
      if (message.kind === 'phase') progress.show(message.text);
    });
  } finally {
    progress.clear();
  }
}
