import { setTimeout as wait } from 'node:timers/promises';
import { parseChaos } from '@indoubt/chaos';
import { Failure } from '@indoubt/failure';
import type { ServerControl } from '../../infrastructure/provider.ts';
import type { ChaosClient } from '../chaos/chaos-client.ts';
import type { Lab } from '../lab/start-lab.ts';
import { describeAct, type StormAct, type StormStep } from './storm-schedule.ts';

/** The result of one step. */
export interface Acted {
  atMs: number;
  kind: StormAct['kind'];
  what: string;
  /** Null when the step was done. Otherwise the reason, such as a dead process. */
  notDone: string | null;
}

export interface StormedLab {
  services: Pick<Lab['services'], 'addCopy' | 'forgetFaults' | 'kill' | 'pause' | 'resume'>;
  chaos: ChaosClient;
  /** Null when the servers are shared. Then no server is killed. */
  servers: ServerControl | null;
  signal: AbortSignal;
}

/**
 * Does each step at its time, without waiting for earlier steps: a step on a process that hangs
 * must not delay the storm.
 * @returns the result of each step, in the order of the steps, after all steps have ended
 */
export async function actOnLab(lab: StormedLab, steps: readonly StormStep[]): Promise<Acted[]> {
  const beganAt = performance.now();
  return Promise.all(
    steps.map(async (step) => {
      const dueMs = beganAt + step.atMs - performance.now();
      await wait(Math.max(0, dueMs), undefined, { signal: lab.signal });
      const notDone = await act(lab, step);
      return { atMs: step.atMs, kind: step.kind, what: describeAct(step), notDone };
    }),
  );
}

/**
 * Does one step. A step on a dead process is not an error of the storm.
 * @returns why the step could not be done, or null
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
