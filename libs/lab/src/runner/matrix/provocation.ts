import type { FailpointName } from '@indoubt/chaos';
import type { ProcessName } from '../lab/process-name.ts';

/** The faults that make an order reach a crash point, and the crash at that point. */
export interface Provocation {
  /** Faults that are armed while the process runs. */
  rules: string;
  /** Faults of the restarted process, one entry per restart: for windows of the recovery. */
  nextLives: { process: ProcessName; rules: string[] } | null;
  /** Whether two orders are placed concurrently, instead of one after the other. */
  atOnce: boolean;
}

/**
 * Delays of the coordinator. The decision is sent late, so that branches are still prepared when a
 * participant has restarted; and decided late, so that both transactions are prepared by then.
 */
const HOLD = 'coordinator:voted-not-decided=delay(400ms); coordinator:due-not-sent=delay(2500ms)';

/**
 * Every order reaches most points. But a deadline fires only after a late answer, and recovery
 * needs work that a crash has left. Pure.
 */
export function provocationOf(point: FailpointName, hit: number): Provocation {
  const [process = '', window = ''] = point.split(':');
  const plain = { rules: `${point}=crash@${hit}`, nextLives: null, atOnce: false };
  if (window.startsWith('expired-')) {
    // The saga retries after 400 ms and again 800 ms later.
    const late = `inventory:received-not-handled=delay(${hit === 1 ? 700 : 1_600}ms)@1`;
    return { ...plain, rules: `${late}; ${plain.rules}` };
  }
  if (window === 'aborted-not-stored') {
    return { ...plain, rules: `payment=decline(every=1); ${plain.rules}` };
  }
  if (window === 'reclaimed-not-placed') {
    // The client retries with its key, which is in use until the lease of the dead attempt ends.
    return {
      rules: 'order:keyed-not-placed=crash@1',
      nextLives: { process: 'order', rules: Array<string>(hit).fill(`${point}=crash@1`) },
      atOnce: false,
    };
  }
  if (window === 'recovered-not-sent') {
    const again = Array<string>(hit).fill(`${point}=crash@1`);
    return {
      rules: 'coordinator:decided-not-sent=crash@1',
      nextLives: { process: 'coordinator', rules: again },
      atOnce: false,
    };
  }
  if (window === 'found-not-queried' || window === 'learnt-not-finished') {
    const dies = `${process}:prepared-not-voted=crash@${hit}`;
    return {
      // Otherwise the order service would learn of an abort and end its branch before it dies.
      rules: `${dies}; ${process}:received-not-finished=delay(2500ms); ${HOLD}`,
      nextLives: { process: process as ProcessName, rules: [plain.rules] },
      atOnce: hit > 1,
    };
  }
  return plain;
}
