import { Failure } from '@indoubt/failure';
import { FAILPOINTS, type FailpointName } from './failpoints.ts';

export interface ArmedFailpoint {
  name: FailpointName;
  action: 'crash';
  /** Fires at this hit, counted from 1 since the process started. */
  hit: number;
}

export type FailpointHit = (armed: ArmedFailpoint) => void;

const armed = new Map<FailpointName, ArmedFailpoint & { hits: number }>();
let onHit: FailpointHit = () => undefined;

/**
 * Reads the CHAOS flag: `NAME=crash@HIT`, several joined by `;`, e.g.
 * `relay:published-not-marked=crash@1`.
 * @throws Failure 'invalid-config' (definite) that points at the wrong part
 */
export function parseChaos(flag: string): ArmedFailpoint[] {
  return flag
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parsePart);
}

function parsePart(part: string): ArmedFailpoint {
  const [, name = '', action = '', hit = '1'] = /^([^=]*)=([a-z]*)(?:@(\d+))?$/.exec(part) ?? [];
  const known = FAILPOINTS.find((failpoint) => failpoint === name);
  if (known !== undefined && action === 'crash' && Number(hit) >= 1) {
    return { name: known, action, hit: Number(hit) };
  }
  const expected = 'Write NAME=crash@HIT with HIT from 1';
  throw new Failure(
    'invalid-config',
    `CHAOS: cannot read "${part}". ${expected}; the names are: ${FAILPOINTS.join(', ')}.`,
  );
}

/**
 * Arms crash points for this process. `hit` is called before the process dies: it must write
 * synchronously.
 */
export function armFailpoints(failpoints: ArmedFailpoint[], hit: FailpointHit): void {
  armed.clear();
  onHit = hit;
  for (const failpoint of failpoints) armed.set(failpoint.name, { ...failpoint, hits: 0 });
}

/**
 * A point at which a test may make this process die. Inert unless armed: one lookup in an empty
 * map. Dies by SIGKILL, so that no handler, flush or rollback of ours can make the crash kinder
 * than a real one.
 */
export function failpoint(name: FailpointName): void {
  const here = armed.get(name);
  if (here === undefined) return;
  here.hits += 1;
  if (here.hits !== here.hit) return;
  onHit(here);
  process.kill(process.pid, 'SIGKILL');
}
