export { branchRoutes } from './branch-routes.ts';
export { branchWork } from './branch-work.ts';
export { logUnderChaos } from './commit-under-chaos.ts';
export { type Switches } from './coordinate.ts';
export { createCoordinator } from './coordinator.ts';
export { coordinatorRoutes } from './coordinator-routes.ts';
export type { Decided, DecisionLog, LoggedTransaction } from './decision-log.ts';
export {
  openParticipant,
  type Participant,
  participantSettings,
} from './open-participant.ts';
export { createParticipantClients } from './participant-client.ts';
