export { saveAnswer } from './inbox-store.ts';
export { inboxUnderChaos } from './inbox-under-chaos.ts';
