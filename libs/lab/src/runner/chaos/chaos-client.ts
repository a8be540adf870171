import { type ChaosRule, chaosText, processesOf } from '@indoubt/chaos';
import { Failure } from '@indoubt/failure';
import { httpRequest } from '../client/http-request.ts';

/** The faults that are armed in one process. */
export interface ArmedProcess {
  process: string;
  /** Whether its connections go through links. */
  links: boolean;
  /** `hits`: how often its place was reached; `fired`: how often the fault took effect. */
  rules: { rule: string; hits: number; fired: number }[];
}

export interface ChaosClient {
  /**
   * Arms these faults in addition to the armed ones, each in the processes that it concerns.
   * @throws Failure 'invalid-request' (definite): no fault is armed
   */
  set(rules: readonly ChaosRule[]): Promise<ArmedProcess[]>;
  /** Disarms all faults and resumes paused processes. */
  clear(): Promise<ArmedProcess[]>;
  list(): Promise<ArmedProcess[]>;
  /** Resumes what is paused at one crash point, or at all. @returns how many were resumed */
  release(name?: string): Promise<number>;
}

export interface ChaosTarget {
  /** The running processes, read again for each request. */
  readonly services: readonly { name: string; url: string }[];
  readonly secret: string;
}

const WITHIN_MS = 5_000;

/** A client of the control endpoints of a lab's processes. */
export function chaosClient(target: ChaosTarget, signal: AbortSignal): ChaosClient {
  const { secret } = target;
  const request = async (url: string, method: string, path: string, body?: object) => {
    const answer = await httpRequest(`${url}${path}`, WITHIN_MS, signal, {
      method,
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (answer.ok) return answer.body;
    const { detail = 'without a reason' } = (answer.body ?? {}) as { detail?: string };
    throw new Failure('invalid-request', `${url} refused (${answer.status}): ${detail}`);
  };
  const state = async (url: string, method: string, body?: object) =>
    (await request(url, method, '/chaos', body)) as ArmedProcess;
  return {
    async set(rules) {
      const names = new Set(rules.flatMap(processesOf));
      const body = { rules: chaosText(rules) };
      const concerned = target.services.filter(({ name }) => names.has(name));
      return Promise.all(concerned.map(({ url }) => state(url, 'POST', body)));
    },
    clear: () => Promise.all(target.services.map(({ url }) => state(url, 'DELETE'))),
    list: () => Promise.all(target.services.map(({ url }) => state(url, 'GET'))),
    async release(name) {
      const counts = await Promise.all(
        target.services.map(async ({ url }) => {
          const body = await request(url, 'POST', '/chaos/release', name ? { name } : {});
          return (body as { released: number }).released;
        }),
      );
      return counts.reduce((sum, count) => sum + count, 0);
    },
  };
}
