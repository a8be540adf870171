import { isBroken } from '@indoubt/chaos';
import type { Pool } from '@indoubt/database';
import { checkThenAct } from './broken/check-then-act.ts';
import type { KeyTimes } from './key-store.ts';
import { createKeys, type Keys } from './keys.ts';

/**
 * The keys of this process, unless it was started with a broken variant. Ask after the process is
 * opened: that is when its faults are armed.
 */
export function keysUnderChaos(pool: Pool, times: KeyTimes): Keys {
  const keys = createKeys(times);
  return isBroken('check-then-act') ? checkThenAct(keys, times, pool) : keys;
}
