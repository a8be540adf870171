import { join } from 'node:path';
import type { Coordination } from '@indoubt/contracts';
import type { Endpoints } from '../../evidence/run-result.ts';
import type { Infrastructure, ProviderName } from '../../infrastructure/provider.ts';
import { removeMetricsTargets, writeMetricsTargets } from '../metrics-targets.ts';
import { type Ended, type PidFile, pidFile, type StateOrPid } from './pid-file.ts';

/** The running lab: the content of `.lab/up.json`, which has mode 0600 because of passwords. */
export interface UpState {
  /** The background process that runs the lab and its servers. */
  pid: number;
  startedAt: string;
  provider: ProviderName;
  /** The default coordination of its orders. */
  coordination: Coordination;
  /** Whether `scenario chaos` can arm faults in this lab. */
  chaos: boolean;
  endpoints: Endpoints;
  logsDir: string;
  runDir: string;
  /** The servers, so that `scenario run` can use them too. */
  servers: Omit<Infrastructure, 'stop' | 'provider' | 'servers'>;
}

const TAKEN = `a lab already runs in this checkout.
Next: show it with 'scenario status', or stop it with 'scenario down'.`;

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

/** @returns the running lab, or the pid during its start; null when no lab runs */
export function readUp(root: string): Promise<StateOrPid<UpState> | null> {
  return upPidFile(root).read();
}

/** Ends the running lab and waits until it has ended. */
export function endUp(root: string, withinMs: number): Promise<Ended> {
  return upPidFile(root).end(withinMs);
}
