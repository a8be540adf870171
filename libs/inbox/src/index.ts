export { inboxUnderChaos } from './inbox-under-chaos.ts';
