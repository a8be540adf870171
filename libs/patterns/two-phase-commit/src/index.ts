export { chosenDecisionLog } from './coordinator/chosen-decision-log.ts';
export { createCoordinator } from './coordinator/coordinator.ts';
export { coordinatorRoutes } from './coordinator/coordinator-routes.ts';
export { decisionLog } from './coordinator/decision-log-store.ts';
export { createParticipantClients } from './coordinator/participant-client.ts';
export { branchRoutes } from './participant/branch-routes.ts';
export { branchWork } from './participant/branch-work.ts';
export {
  openTransactionParticipant,
  type TransactionParticipant,
  transactionParticipantSettings,
} from './participant/open-transaction-participant.ts';
export type { Switches } from './protocol/coordinate.ts';
/** @public The pure core of the coordinator. */
export { coordinate } from './protocol/coordinate.ts';
/** @public The pure core of a participant. */
export { onDecision, onPrepare } from './protocol/participate.ts';
