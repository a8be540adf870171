export {
  type Advance,
  advance,
  type Input,
  type Progress,
  type SagaStatus,
  start,
} from './advance.ts';
export { checkSaga, type Saga, type Step } from './definition.ts';
export { createOrchestrator, type Orchestration, type Orchestrator } from './orchestrator.ts';
export { commandHandler, createParticipant } from './participant.ts';
