import { join } from 'node:path';
import { createPool } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import { listInDoubt } from '../../evidence/in-doubt/list-in-doubt.ts';
import { labNameOf, type OperatedLab } from '../../evidence/in-doubt/operated-lab.ts';
import { recordWriter } from '../../evidence/record/record-writer.ts';
import { DATABASE_OWNERS, type DatabaseOwner } from '../../infrastructure/provider.ts';
import { resolveInDoubt } from '../../runner/in-doubt/resolve-in-doubt.ts';
import { renderInDoubt } from '../../views/in-doubt/render-in-doubt.ts';
import { renderResolution } from '../../views/in-doubt/render-resolution.ts';
import { readUp, type UpState } from '../background/up-file.ts';
import { type Cli, writeJson } from '../cli.ts';
import { EXIT } from '../exit-code.ts';

/** Lists the transactions in doubt of the running lab. The exit code is 0 in any case. */
export async function indoubtCommand(cli: Cli, { json }: { json?: boolean }): Promise<number> {
  const { endpoints } = await labThatIsUp(cli.root);
  const inDoubt = await operate(endpoints, listInDoubt);
  if (json) writeJson(cli, inDoubt);
  else cli.out.write(renderInDoubt(inDoubt, cli.out.paint));
  return EXIT.holds;
}

interface ResolveOptions {
  commit?: boolean;
  abort?: boolean;
  json?: boolean;
}

/** Commits or aborts a transaction by hand, regardless of the coordinator's log. */
export async function resolveCommand(
  cli: Cli,
  gid: string,
  { commit = false, abort = false, json }: ResolveOptions,
): Promise<number> {
  if (commit === abort) {
    const why =
      'Why: the decision is yours and cannot be undone.\nNext: run this again with one of them.';
    throw new Failure(
      'invalid-request',
      `resolve needs exactly one of --commit and --abort.\n${why}`,
    );
  }
  const { endpoints, runDir } = await labThatIsUp(cli.root);
  const writer = recordWriter(join(runDir, 'record'));
  const decision = commit ? 'commit' : 'abort';
  const resolution = await operate(endpoints, (lab) => resolveInDoubt(lab, writer, gid, decision));
  if (json) writeJson(cli, resolution);
  else cli.out.write(renderResolution(resolution, cli.out.paint));
  return EXIT.holds;
}

/** @throws Failure 'not-found' (definite): no lab is up, or the lab is still starting */
async function labThatIsUp(root: string): Promise<UpState> {
  const up = await readUp(root);
  if (up?.ready) return up;
  const next = "Next: run 'scenario up' or 'scenario run NAME --keep', then this command again.";
  const what = up === null ? 'no lab is up' : 'the lab is still starting';
  throw new Failure('not-found', `${what}, so no database can be searched.\n${next}`);
}

const CONNECTIONS_MAX = 2;

async function operate<T>(
  endpoints: UpState['endpoints'],
  act: (lab: OperatedLab) => Promise<T>,
): Promise<T> {
  const pools = DATABASE_OWNERS.map((owner) => {
    const url = endpoints.databases[owner] ?? '';
    return [owner, createPool({ url, name: 'operator', connectionsMax: CONNECTIONS_MAX })] as const;
  });
  const databases = Object.fromEntries(pools) as Record<DatabaseOwner, (typeof pools)[0][1]>;
  try {
    return await act({ name: labNameOf(endpoints), databases });
  } finally {
    await Promise.all(pools.map(([, pool]) => pool.end()));
  }
}
