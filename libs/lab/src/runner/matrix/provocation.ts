import type { FailpointName } from '@indoubt/chaos';
import type { ProcessName } from '../lab/process-name.ts';

/** What brings an order to a point: the fault itself, and others before it where it takes them. */
export interface Provocation {
  /** Armed while the process lives. */
  rules: string;
  /** For its next lives, in their order: windows that only a process that starts goes through. */
  nextLives: { process: ProcessName; rules: string[] } | null;
  /** Whether two orders are placed at once, and not one after the other until the point is hit. */
  atOnce: boolean;
}

/**
 * Until they are found, branches stay prepared: what is decided is told late, longer than a
 * participant takes to start again; and two transactions are decided once both are prepared.
 */
const HOLD = 'coordinator:voted-not-decided=delay(400ms); coordinator:due-not-told=delay(2500ms)';

/**
 * Most points lie on the way of every order. A deadline fires only where an answer is late, and
 * recovery recovers only what a death has left. Pure.
 */
export function provocationOf(point: FailpointName, hit: number): Provocation {
  const [process = '', window = ''] = point.split(':');
  const plain = { rules: `${point}=crash@${hit}`, nextLives: null, atOnce: false };
  if (window.startsWith('expired-')) {
    // Asked after 400 ms, and 800 ms later once more.
    const late = `inventory:received-not-handled=delay(${hit === 1 ? 700 : 1_600}ms)@1`;
    return { ...plain, rules: `${late}; ${plain.rules}` };
  }
  if (window === 'aborted-not-stored') {
    return { ...plain, rules: `payment=decline(every=1); ${plain.rules}` };
  }
  if (window === 'reclaimed-not-placed') {
    // Its client comes back with the key, and finds it in use until the lease of the dead one ends.
    return {
      rules: 'order:keyed-not-placed=crash@1',
      nextLives: { process: 'order', rules: Array<string>(hit).fill(`${point}=crash@1`) },
      atOnce: false,
    };
  }
  if (window === 'recovered-not-told') {
    const again = Array<string>(hit).fill(`${point}=crash@1`);
    return {
      rules: 'coordinator:decided-not-told=crash@1',
      nextLives: { process: 'coordinator', rules: again },
      atOnce: false,
    };
  }
  if (window === 'found-not-asked' || window === 'learnt-not-finished') {
    const dies = `${process}:prepared-not-voted=crash@${hit}`;
    return {
      // The order service hears an abort itself, and would end its branch before it dies.
      rules: `${dies}; ${process}:told-not-finished=delay(2500ms); ${HOLD}`,
      nextLives: { process: process as ProcessName, rules: [plain.rules] },
      atOnce: hit > 1,
    };
  }
  return plain;
}
