export { type Input } from './advance.ts';
export { chosenAdvance } from './chosen-advance.ts';
export { type Saga } from './definition.ts';
export { createOrchestrator, type Orchestrator } from './orchestrator.ts';
export { type Asked, answerMessage, commandHandler, createParticipant } from './participant.ts';
