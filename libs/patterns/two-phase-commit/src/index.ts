export { chosenDecisionLog } from './coordinator/chosen-decision-log.ts';
export { createCoordinator } from './coordinator/coordinator.ts';
export { coordinatorRoutes } from './coordinator/coordinator-routes.ts';
export type { Decided, DecisionLog, LoggedTransaction } from './coordinator/decision-log.ts';
export { createParticipantClients } from './coordinator/participant-client.ts';
export { branchRoutes } from './participant/branch-routes.ts';
export { branchWork } from './participant/branch-work.ts';
export {
  openParticipant,
  type Participant,
  participantSettings,
} from './participant/open-participant.ts';
export { type Switches } from './protocol/coordinate.ts';
