export {
  type ArmedFailpoint,
  armFailpoints,
  type FailpointHit,
  failpoint,
  parseChaos,
} from './failpoint.ts';
export { FAILPOINTS, type FailpointName } from './failpoints.ts';
