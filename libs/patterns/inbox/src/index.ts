export { chosenInbox } from './chosen-inbox.ts';
export { saveAnswer } from './inbox-store.ts';
