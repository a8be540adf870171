import { setTimeout as wait } from 'node:timers/promises';
import { parseChaos } from '@indoubt/chaos';
import { Failure } from '@indoubt/failure';
import type { ServerControl } from '../../infrastructure/provider.ts';
import type { ChaosClient } from '../chaos/chaos-client.ts';
import type { Lab } from '../lab/start-lab.ts';
import { type StormAct, type StormStep, tellAct } from './storm-schedule.ts';

/** What became of one step. */
export interface Acted {
  atMs: number;
  kind: StormAct['kind'];
  what: string;
  /** Null: done. Else why not, such as that the process was dead just then. */
  notDone: string | null;
}

export interface StormedLab {
  services: Pick<Lab['services'], 'addCopy' | 'forgetFaults' | 'kill' | 'pause' | 'resume'>;
  chaos: ChaosClient;
  /** Null where the servers are somebody else's too: none of them is killed. */
  servers: ServerControl | null;
  signal: AbortSignal;
}

/**
 * Does each step at its time, without waiting for the earlier ones: an act on a process that hangs
 * must not hold up the storm.
 * @returns what became of each, in the order of the steps, once the last of them is over
 */
export async function actOnLab(lab: StormedLab, steps: readonly StormStep[]): Promise<Acted[]> {
  const beganAt = performance.now();
  return Promise.all(
    steps.map(async (step) => {
      const dueMs = beganAt + step.atMs - performance.now();
      await wait(Math.max(0, dueMs), undefined, { signal: lab.signal });
      const notDone = await act(lab, step);
      return { atMs: step.atMs, kind: step.kind, what: tellAct(step), notDone };
    }),
  );
}

/**
 * A process that is dead when something is to be done to it is part of the storm, and no error.
 * @returns why it could not be done, or null
 */
async function act(lab: StormedLab, step: StormAct): Promise<string | null> {
  if (step.kind === 'server' && lab.servers === null) return 'the servers are shared';
  try {
    await actAtOnce(lab, step);
    return null;
  } catch (error) {
    lab.signal.throwIfAborted();
    if (error instanceof Failure) return error.message;
    throw error;
  }
}

async function actAtOnce(lab: StormedLab, step: StormAct): Promise<void> {
  const { services, chaos, servers, signal } = lab;
  const pass = (ms: number) => wait(ms, undefined, { signal });
  switch (step.kind) {
    case 'arm':
      return void (await chaos.set(parseChaos(step.rules)));
    case 'hold':
      await chaos.set(parseChaos(step.rules));
      await pass(step.forMs);
      return void (await chaos.release(step.name));
    case 'calm':
      return void (await chaos.clear());
    case 'kill':
      return services.kill(step.process);
    case 'pause':
      services.pause(step.process);
      await pass(step.forMs);
      return services.resume(step.process);
    case 'copy':
      return void (await services.addCopy(step.process));
    case 'server':
      await servers?.kill(step.server);
      await pass(step.downMs);
      return servers?.start(step.server);
  }
}
