/** @public The pattern itself; services take `answerOnce` by `chosenInbox`. */
export { answerOnce } from './answer-once.ts';
export { chosenInbox } from './chosen-inbox.ts';
/** @public The pure core. */
export { decide } from './decide.ts';
export { saveAnswer } from './inbox-store.ts';
