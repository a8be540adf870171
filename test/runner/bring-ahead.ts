import { join } from 'node:path';
import { jaegerProgram, jaegerRequirement } from '@indoubt/lab';
import { bringDebian } from '../e2e/bring-debian.ts';

// What whole-lab tests need and what takes minutes to come: a browser and Prometheus from Debian,
// and Jaeger, built by Go. A test whose tool cannot be had says itself that it is skipped, and why.
const root = join(import.meta.dirname, '..', '..');
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => stop.abort());
}
const debian = bringAll();
const { found } = await jaegerRequirement(root);
if (found !== null) {
  await jaegerProgram({ root, signal: stop.signal, progress: (line) => console.log(line) });
}
await debian;

async function bringAll(): Promise<void> {
  await bringDebian(['chromium'], 'chromium');
  await bringDebian(['prometheus'], 'prometheus');
}
