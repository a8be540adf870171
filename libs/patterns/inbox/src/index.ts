export { saveAnswer } from './inbox-store.ts';
export { chosenInbox } from './chosen-inbox.ts';
