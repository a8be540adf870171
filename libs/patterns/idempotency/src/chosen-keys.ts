import { isBroken } from '@indoubt/chaos';
import type { Pool } from '@indoubt/database';
import { checkThenAct } from './broken/check-then-act.ts';
import type { KeyTimes } from './key-store.ts';
import { createKeys, type Keys } from './keys.ts';

/**
 * The keys of this process: `createKeys`, unless the process was started with a broken variant.
 * Call this after the process is opened: opening arms its faults.
 */
export function chosenKeys(pool: Pool, times: KeyTimes): Keys {
  const keys = createKeys(times);
  return isBroken('check-then-act') ? checkThenAct(keys, times, pool) : keys;
}
