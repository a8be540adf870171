export { answerOnce, type Handled } from './answer-once.ts';
export { type Decision, decide, type Seen, UNDONE_FIRST } from './decide.ts';
export type { Claim } from './inbox-store.ts';
