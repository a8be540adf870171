import { setTimeout as wait } from 'node:timers/promises';
import { parseChaos, seededRandom } from '@indoubt/chaos';
import { Failure } from '@indoubt/failure';
import type { EventLine, EventName, RecordLine } from '@indoubt/record';
import { listInDoubt } from '../../evidence/in-doubt/list-in-doubt.ts';
import { labNameOf, type OperatedLab } from '../../evidence/in-doubt/operated-lab.ts';
import type { Comparison, Expectation } from '../../evidence/run-result.ts';
import { poolsOf } from '../../infrastructure/postgres/lab-databases.ts';
import { measureOrder } from '../../views/comparison/measure-order.ts';
import { type LabClient, labClient } from '../client/lab-client.ts';
import { leaveOrphan } from '../in-doubt/leave-orphan.ts';
import { resolveInDoubt } from '../in-doubt/resolve-in-doubt.ts';
import { settle } from '../lab/settle.ts';
import type { Lab } from '../lab/start-lab.ts';
import type { ScenarioLab, Where } from './scenario.ts';

/** Time-out of a wait in a scenario. Long, because a busy machine is slow but correct. */
const WITHIN_MS = 30_000;

export interface ScenarioRun {
  lab: ScenarioLab;
  client: LabClient;
  expectations: Expectation[];
  /** The comparison of the scenario, measured in all lines of the run; null without one. */
  comparison(lines: readonly RecordLine[]): Comparison | null;
}

/** The actions of a scenario in a lab: as a client and as an operator. */
export function labForScenario(lab: Lab, seed: number, signal: AbortSignal): ScenarioRun {
  const client = labClient(lab, signal);
  const expectations: Expectation[] = [];
  let compared: Parameters<ScenarioLab['compare']>[0] | undefined;
  return {
    client,
    expectations,
    comparison: (lines) => compared?.((orderId) => measureOrder(lines, orderId)) ?? null,
    lab: {
      coordination: lab.coordination,
      random: seededRandom(seed),
      ...client,
      ...asOperator(lab, signal),
      ...underChaos(lab),
      ...onBranches(lab),
      ...asWitness(lab, signal),
      expect: (title, holds, detail) => void expectations.push({ title, holds, detail }),
      compare(how) {
        compared = how;
      },
    },
  };
}

type AsOperator = Pick<
  ScenarioLab,
  'died' | 'restart' | 'kill' | 'pause' | 'resume' | 'hang' | 'addCopy' | 'changeCards'
>;
type UnderChaos = Pick<ScenarioLab, 'arm' | 'disarm' | 'release'>;

function underChaos({ chaos }: Lab): UnderChaos {
  const control = () => {
    if (chaos !== null) return chaos;
    throw new Failure(
      'lab-failed',
      'the scenario does not set `live`, so it cannot arm faults while it runs',
    );
  };
  return {
    async arm(rules) {
      await control().set(parseChaos(rules));
    },
    async disarm() {
      await control().clear();
    },
    async release(name) {
      await control().release(name);
    },
  };
}

function asOperator({ services }: Lab, signal: AbortSignal): AsOperator {
  return {
    died: (name) => services.died(name),
    restart: (name) => services.restart(name),
    kill: (name) => services.kill(name),
    changeCards: (cards) => services.changeCards(cards),
    pause: (name) => services.pause(name),
    resume: (name) => services.resume(name),
    hang(name, forMs) {
      services.pause(name);
      const over = wait(forMs, undefined, { signal }).then(() => services.resume(name));
      over.catch(() => undefined); // a scenario that has failed before reports its own error
      return over;
    },
    async addCopy(name) {
      await services.addCopy(name);
    },
  };
}

type OnBranches = Pick<ScenarioLab, 'inDoubt' | 'resolve' | 'leaveOrphan'>;

function onBranches({ endpoints, databases, writer }: Lab): OnBranches {
  const operated: OperatedLab = { name: labNameOf(endpoints), databases: poolsOf(databases) };
  return {
    inDoubt: async () => (await listInDoubt(operated)).items,
    resolve: (gid, decision) => resolveInDoubt(operated, writer, gid, decision),
    leaveOrphan: (orphan) => leaveOrphan(operated, orphan),
  };
}

type AsWitness = Pick<ScenarioLab, 'happened' | 'eventually' | 'count' | 'quiet' | 'deliveries'>;

function asWitness(lab: Lab, signal: AbortSignal): AsWitness {
  const { record, topics } = lab;
  return {
    async happened(event, where = {}) {
      const fits = fitting(event, where);
      try {
        return await record.next(fits, WITHIN_MS, signal);
      } catch (error) {
        signal.throwIfAborted();
        const what = `${event} ${JSON.stringify(where)}`;
        throw new Failure(
          'timed-out',
          `this event did not happen within ${WITHIN_MS / 1_000} s: ${what}`,
          { cause: error },
        );
      }
    },
    async eventually(what, poll) {
      const until = performance.now() + WITHIN_MS;
      for (;;) {
        signal.throwIfAborted();
        const found = await poll();
        if (found !== undefined) return found;
        if (performance.now() > until)
          throw new Failure(
            'timed-out',
            `this did not happen within ${WITHIN_MS / 1_000} s: ${what}`,
          );
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      }
    },
    count: (event, where) => record.lines().filter(fitting(event, where)).length,
    async quiet() {
      if (await settle(lab, WITHIN_MS, signal)) return;
      throw new Failure('timed-out', `the lab was not idle after ${WITHIN_MS / 1_000} s`);
    },
    async deliveries(orderId, step) {
      // Wait until the lab's own consumer has read the same messages as the services.
      await settle(lab, WITHIN_MS, signal);
      return topics
        .messages()
        .filter((message) => message.key === orderId && message.messageId.endsWith(`:${step}`))
        .length;
    },
  };
}

const RETRY_MS = 50;

function fitting<N extends EventName>(event: N, where: Where<N>) {
  return (line: RecordLine): line is EventLine<N> => {
    if (line.kind !== 'event' || line.event !== event) return false;
    const fields = new Map<string, unknown>(Object.entries(line));
    return Object.entries(where).every(([field, value]) => fields.get(field) === value);
  };
}
