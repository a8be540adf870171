export type { Request, Response, Router } from 'express';
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
export { createApp } from './http-server.ts';
export { runService } from './lifecycle.ts';
export { type Listening, listen } from './listen.ts';
export { createLog, type Log } from './log.ts';
export { parseBody, parseQuery } from './parse-request.ts';
export type { Ready } from './readiness.ts';
export { requireSecret } from './require-secret.ts';
export { type Repeating, runEvery } from './run-every.ts';
export { startTelemetry } from './telemetry.ts';
export { createWaker, listenForWake, type Waker } from './wake.ts';
