export { type Input } from './advance.ts';
export { chosenAdvance } from './chosen-advance.ts';
export { type Saga } from './definition.ts';
export { createOrchestrator, type Orchestrator } from './orchestrator.ts';
export {
  answerMessage,
  commandHandler,
  createSagaParticipant,
  type ReplyTo,
} from './saga-participant.ts';
