export type { Request, Response } from 'express';
export { callerOf } from './caller-of.ts';
export {
  durationMs,
  httpUrls,
  type ProcessConfig,
  port,
  processConfig,
  readConfig,
  type ServiceConfig,
  serviceConfig,
  serviceSecret,
} from './config.ts';
export { openApiOf } from './edge-routes.ts';
export { createApp } from './http-server.ts';
export { runService } from './lifecycle.ts';
export { type Listening, listen } from './listen.ts';
export { createLog, type Log } from './log.ts';
export { problemOf } from './problem-details.ts';
export type { Ready } from './readiness.ts';
export { type Route, route } from './route.ts';
export { type Repeating, runEvery } from './run-every.ts';
export { startTelemetry } from './telemetry.ts';
export { createWaker, listenForWake, type Waker } from './wake.ts';
