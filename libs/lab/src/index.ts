export { DEFAULT_WORLD } from '@indoubt/shop';
export type { InvariantId } from './checkers/invariant-id.ts';
export { checkAll } from './checkers/invariants.ts';
export { metricsTargets } from './cli/metrics-targets.ts';
export { snapshotOf } from './evidence/snapshot/read-snapshot.ts';
export { openRun } from './evidence/stored-run/open-run.ts';
export { chooseProvider } from './infrastructure/choose-provider.ts';
export { freePorts } from './infrastructure/free-ports.ts';
export { jaegerProgram, jaegerRequirement } from './infrastructure/jaeger/jaeger-program.ts';
export { type StartedJaeger, startJaeger } from './infrastructure/jaeger/jaeger-server.ts';
export type { Infrastructure } from './infrastructure/provider.ts';
export { settle } from './runner/lab/settle.ts';
export {
  DEFAULT_SAGA,
  type Lab,
  type LabOptions,
  newRunDir,
  startLab,
} from './runner/lab/start-lab.ts';
export { planCells, sampleCells } from './runner/matrix/plan-cells.ts';
export { runMatrix } from './runner/matrix/run-matrix.ts';
export { labForScenario } from './runner/scenario/lab-for-scenario.ts';
export { runScenario } from './runner/scenario/run-scenario.ts';
export type {
  LearningStep,
  LoadedScenario,
  Scenario,
  ScenarioLab,
} from './runner/scenario/scenario.ts';
export { loadScenario, loadScenarios } from './runner/scenario/scenario-catalogue.ts';
export { runStorm } from './runner/storm/run-storm.ts';
export type { StormSchedule } from './runner/storm/storm-schedule.ts';
export { sendTraces } from './runner/traces/send-traces.ts';
export type { MeasuredOrder } from './views/comparison/measure-order.ts';
export { renderPage } from './views/page/render-page.ts';
export type { ReportData, ReportTable } from './views/page/report-data.ts';
export { breachesOf } from './views/traces/semantic-conventions.ts';
