import { chaosOf } from '@indoubt/chaos';
import type { Coordination } from '@indoubt/contracts';
import { Failure } from '@indoubt/failure';
import type { WantedProvider } from '../../infrastructure/choose-provider.ts';
import { startBackgroundLab } from '../background/start-background-lab.ts';
import { readUp, type UpState } from '../background/up-file.ts';
import { checkVariables } from '../check-variables.ts';
import { type Cli, writeJson } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { createProgress } from '../progress.ts';
import { renderStatus, statusDocument } from '../status.ts';
import { tracesExporter } from '../traces-exporter.ts';
import { jaegerFor } from './jaeger-command.ts';

interface Wanted {
  infra: WantedProvider;
  coordination?: Coordination;
  /** Whether faults can be armed while the lab runs. */
  chaos?: boolean;
  /** Whether Jaeger is started if none is running. */
  jaeger?: boolean;
}

/** Starts a lab in the background, or shows the lab that already runs. */
export async function upCommand(
  cli: Cli,
  { json, ...wanted }: Wanted & { json?: boolean },
): Promise<number> {
  checkVariables(cli.env);
  tracesExporter(cli.env); // throws before anything starts
  const ready = await readyLab(cli, wanted);
  // Jaeger starts first, so that the lab finds it.
  if (wanted.jaeger) await jaegerFor(cli, wanted.infra);
  const up = ready ?? (await bringUp(cli, wanted));
  if (json) writeJson(cli, statusDocument(up));
  else cli.out.write(renderStatus(up, cli.out.paint));
  return EXIT.holds;
}

async function readyLab(
  { root, err }: Cli,
  { infra, coordination, chaos = false }: Wanted,
): Promise<UpState | null> {
  const up = await readUp(root);
  if (up === null) return null;
  if (!up.ready)
    throw new Failure(
      'lab-failed',
      'another command is starting a lab.\nNext: wait, then run this command again.',
    );
  if (infra !== 'auto' && infra !== up.provider) {
    throw otherLab(`has ${up.provider} servers, not ${infra}`);
  }
  if (coordination !== undefined && coordination !== up.coordination) {
    throw otherLab(`has the coordination ${up.coordination}, not ${coordination}`);
  }
  if (chaos && !up.chaos) throw otherLab('was started without --chaos');
  err.write('  the lab already runs\n');
  return up;
}

function otherLab(how: string): Failure {
  const next = "Next: run 'scenario down', then this command again.";
  return new Failure('lab-failed', `a lab already runs, but it ${how}.\n${next}`);
}

async function bringUp(
  cli: Cli,
  { infra, coordination = 'saga', chaos = false }: Wanted,
): Promise<UpState> {
  const progress = createProgress(cli.err);
  try {
    const rules = chaosOf(cli.env);
    const faults = { rules, seed: 1, control: chaos, links: chaos };
    const job = { root: cli.root, infra, coordination, chaos: faults, run: null };
    return await startBackgroundLab(cli, job, (message) => {
      if (message.kind === 'phase') progress.show(message.text);
    });
  } finally {
    progress.clear();
  }
}
