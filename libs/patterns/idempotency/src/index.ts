export { answerKeyed, completeOrLose, type KeyedAnswer, refusalOf } from './answer-keyed.ts';
export { chosenKeys } from './chosen-keys.ts';
export { countClaims } from './count-claims.ts';
export type { StoredAnswer } from './decide.ts';
/** @public The pure core. */
export { decide } from './decide.ts';
export {
  idempotencyKey,
  type KeyedRequest,
  keyedRequest,
  readKey,
  requireKey,
} from './keyed-request.ts';
export type { Attempt, Keys } from './keys.ts';
export { reapKeys } from './reap-keys.ts';
export { sendKeyed } from './send-keyed.ts';
