import { join } from 'node:path';
import type { Coordination } from '@indoubt/contracts';
import type { Infrastructure, ProviderName } from '../infrastructure/provider.ts';
import type { Endpoints } from '../run-result.ts';
import { type Held, type HeldFile, heldFile } from './held-file.ts';
import { removeMetricsTargets, writeMetricsTargets } from './metrics-targets.ts';

/** A lab that is up: what `.lab/up.json` says of it. The file holds passwords: mode 0600. */
export interface UpState {
  /** The keeper: the process that holds it all. */
  pid: number;
  startedAt: string;
  provider: ProviderName;
  /** How its orders are placed, unless a request says otherwise. */
  coordination: Coordination;
  /** Whether faults can be armed in it. */
  chaos: boolean;
  endpoints: Endpoints;
  logsDir: string;
  runDir: string;
  /** The servers, so that `scenario run` can use them too. */
  servers: Omit<Infrastructure, 'stop' | 'provider' | 'servers'>;
}

/** While it is being started, only who does that is known. */
export type UpFile = Held<UpState>;

const TAKEN = `a lab is up already in this checkout.
Next: 'scenario status' shows it, 'scenario down' ends it.`;

/** The place of the one lab that may be up in a checkout: `.lab/up.json`, held by its keeper. */
function upFile(root: string): HeldFile<UpState> {
  return heldFile(join(root, '.lab', 'up.json'), 'keeper-main', TAKEN);
}

/** @returns what is up, or being started; null when nothing is, or its keeper has died */
export function readUp(root: string): Promise<UpFile | null> {
  return upFile(root).read();
}

/** @throws Failure 'lab-failed' (definite) when another lab is up */
export function claimUp(root: string): Promise<void> {
  return upFile(root).claim();
}

export async function writeUp(root: string, state: UpState): Promise<void> {
  await writeMetricsTargets(root, state.endpoints);
  await upFile(root).write(state);
}

export async function removeUp(root: string): Promise<void> {
  await removeMetricsTargets(root);
  await upFile(root).remove();
}

/** Ends the lab that is up and waits for it. @returns whether there was one */
export function endUp(root: string, withinMs: number): Promise<boolean> {
  return upFile(root).end(withinMs);
}
