import { Failure } from '@indoubt/failure';
import { PROCESS_NAMES } from '../lab/process-name.ts';
import type { StormedLab } from './act-on-lab.ts';

/** Restarts servers that are down and resumes paused processes. Armed faults stay armed. */
export async function healLab({ services, servers }: StormedLab): Promise<void> {
  for (const name of PROCESS_NAMES) {
    try {
      services.resume(name);
    } catch (error) {
      if (!(error instanceof Failure)) throw error; // the process is dead, so it is not paused
    }
  }
  await Promise.all(servers?.names.map((name) => servers.start(name)) ?? []);
}
