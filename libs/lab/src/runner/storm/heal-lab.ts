import { Failure } from '@indoubt/failure';
import { PROCESS_NAMES } from '../lab/process-name.ts';
import type { StormedLab } from './act-on-lab.ts';

/** What is down comes back, and what stands still goes on: nothing of it is armed. */
export async function bringBack({ services, servers }: StormedLab): Promise<void> {
  for (const name of PROCESS_NAMES) {
    try {
      services.resume(name);
    } catch (error) {
      if (!(error instanceof Failure)) throw error; // dead, so it does not stand still
    }
  }
  await Promise.all(servers?.names.map((name) => servers.start(name)) ?? []);
}
