export type { Request, Response } from 'express';
export { problemOf } from './problems/problem-details.ts';
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
} from './process/config.ts';
export { runJob, runService } from './process/lifecycle.ts';
export { createLog, type Log } from './process/log.ts';
export {
  beforeScrape,
  Counter,
  Gauge,
  Histogram,
  removeMetrics,
  renderMetrics,
} from './process/metrics.ts';
export { type Repeating, runEvery } from './process/run-every.ts';
export { startTelemetry } from './process/telemetry.ts';
export { tracesTarget } from './process/traces-config.ts';
export { createWaker, listenForWake, type Waker } from './process/wake.ts';
export { callerOf } from './server/caller-of.ts';
export { openApiOf } from './server/edge-routes.ts';
export { createApp } from './server/http-server.ts';
export { type Listening, listen } from './server/listen.ts';
export type { Ready } from './server/readiness.ts';
export { type Route, route } from './server/route.ts';
