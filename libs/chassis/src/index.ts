export type { Request, Response } from 'express';
export { callerOf } from './caller-of.ts';
export {
  durationMs,
  hostPorts,
  httpUrls,
  type ProcessConfig,
  port,
  postgresUrl,
  processConfig,
  readConfig,
  type ServiceConfig,
  serviceConfig,
  serviceSecret,
} from './config.ts';
export { openApiOf } from './edge-routes.ts';
export { createApp } from './http-server.ts';
export { runJob, runService } from './lifecycle.ts';
export { type Listening, listen } from './listen.ts';
export { createLog, type Log } from './log.ts';
export { addMetrics, type Metric, renderMetrics } from './metrics.ts';
export { problemOf } from './problem-details.ts';
export type { Ready } from './readiness.ts';
export { type Route, route } from './route.ts';
export { type Repeating, runEvery } from './run-every.ts';
export { startTelemetry } from './telemetry.ts';
export { tracesTarget } from './traces-config.ts';
export { createWaker, listenForWake, type Waker } from './wake.ts';
