import { join } from 'node:path';
import type { Coordination } from '@indoubt/contracts';
import type { Endpoints } from '../../evidence/run-result.ts';
import type { Infrastructure, ProviderName } from '../../infrastructure/provider.ts';
import { removeMetricsTargets, writeMetricsTargets } from '../metrics-targets.ts';
import { type Ended, type Held, type HeldFile, heldFile } from './held-file.ts';

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
export function upPlace(root: string): HeldFile<UpState> {
  return heldFile({
    file: join(root, '.lab', 'up.json'),
    main: 'keeper-main',
    taken: TAKEN,
    pids: ({ endpoints, servers }) => [
      ...endpoints.services.map(({ pid }) => pid),
      ...Object.values(servers.pids),
    ],
    beside: {
      write: ({ endpoints }) => writeMetricsTargets(root, endpoints),
      remove: () => removeMetricsTargets(root),
    },
  });
}

/** @returns what is up, or being started; null when nothing is, or its keeper has died */
export function readUp(root: string): Promise<UpFile | null> {
  return upPlace(root).read();
}

/** Ends the lab that is up and waits for it. */
export function endUp(root: string, withinMs: number): Promise<Ended> {
  return upPlace(root).end(withinMs);
}
