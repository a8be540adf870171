import { autocommit, type Pool } from '@indoubt/database';
import { v7 } from 'uuid';
import { decide } from '../decide.ts';
import { insertAnswerLate, type KeyTimes, readRow } from '../key-store.ts';
import { answered, type Keys, mine } from '../keys.ts';

/**
 * Broken on purpose: uses the key table like a cache. It reads the key, does the work, and inserts
 * the key after the commit. Between the read and the insert another request may do the same work.
 */
export function checkThenAct(sound: Keys, times: KeyTimes, pool: Pool): Keys {
  const late = autocommit(pool);
  return {
    ...sound,
    async claim(tx, request) {
      const row = await readRow(tx, request);
      const decision = decide(request.fingerprint, { alone: true, free: true, row });
      if (decision.kind === 'new' || decision.kind === 'take-over') {
        return mine({ request, id: v7(), hasRow: false }, false);
      }
      return answered(request, decision);
    },
    lease: (_tx, attempt) => attempt,
    async complete(tx, { request, id }, answer) {
      tx.onCommit(() => void insertAnswerLate(late, request, id, answer, times.retainMs));
      return true;
    },
  };
}
