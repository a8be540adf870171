export {
  armFailpoints,
  failpoint,
  parseChaos,
} from './failpoint.ts';
export { type FailpointName } from './failpoints.ts';
