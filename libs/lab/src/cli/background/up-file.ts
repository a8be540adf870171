import { join } from 'node:path';
import type { Coordination } from '@indoubt/contracts';
import type { Endpoints } from '../../evidence/run-result.ts';
import type { Infrastructure, ProviderName } from '../../infrastructure/provider.ts';
import { removeMetricsTargets, writeMetricsTargets } from '../metrics-targets.ts';
import { type Ended, type PidFile, pidFile, type StateOrPid } from './pid-file.ts';

/** A lab that is up: what `.lab/up.json` says of it. The file holds passwords: mode 0600. */
export interface UpState {
  /** The process in the background that runs the lab and its servers. */
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

const TAKEN = `a lab is up already in this checkout.
Next: 'scenario status' shows it, 'scenario down' ends it.`;

/** The pid file of the one lab that may be up in a checkout: `.lab/up.json`. */
export function upPidFile(root: string): PidFile<UpState> {
  return pidFile({
    file: join(root, '.lab', 'up.json'),
    main: 'background-lab-main',
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

/** @returns what is up, or being started; null when nothing is, or its process has died */
export function readUp(root: string): Promise<StateOrPid<UpState> | null> {
  return upPidFile(root).read();
}

/** Ends the lab that is up and waits for it. */
export function endUp(root: string, withinMs: number): Promise<Ended> {
  return upPidFile(root).end(withinMs);
}
