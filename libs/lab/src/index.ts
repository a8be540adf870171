export { chooseProvider } from './infrastructure/choose-provider.ts';
export type { Infrastructure } from './infrastructure/provider.ts';
export { type Scenario, scenario } from './scenario.ts';
export { type Lab, startLab } from './start-lab.ts';
