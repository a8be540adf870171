export type { Input } from './advance.ts';
/** @public The pure core; services take `advance` by `chosenAdvance`. */
export { advance } from './advance.ts';
export { chosenAdvance } from './chosen-advance.ts';
export { type Saga } from './definition.ts';
export { createOrchestrator, type Orchestrator } from './orchestrator.ts';
export {
  answerMessage,
  commandHandler,
  createSagaParticipant,
  type ReplyTo,
} from './saga-participant.ts';
