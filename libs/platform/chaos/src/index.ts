export {
  addChaos,
  armChaos,
  armedRules,
  disarm,
  type FaultHit,
  fired,
  isBroken,
  listChaos,
  onChaosChange,
  releasePaused,
  setChaos,
} from './armed.ts';
export { DATABASES, LINKS, MESSAGE_TOPICS, VARIANTS, type VariantName } from './chaos-names.ts';
export { type ChaosRule, chaosText, type LinkRule, processesOf } from './chaos-rule.ts';
export { failpoint, messageFault, mustDecline } from './failpoint.ts';
export { FAILPOINTS, type Failpoint, type FailpointName } from './failpoints.ts';
export { parseChaos } from './parse-chaos.ts';
export { seededRandom } from './seeded-random.ts';
export { chaosOf, toggles } from './toggles.ts';
