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
const { signal } = stop;
// One that fails must not end the other in the middle.
const brought = await Promise.allSettled([bringDebianAll(), bringJaeger()]);
for (const each of brought) {
  if (each.status === 'fulfilled') continue;
  console.error(each.reason);
  process.exitCode = 1;
}

/** A whole browser may take longer than a single test should wait for it. */
async function bringDebianAll(): Promise<void> {
  await bringDebian(['chromium'], 'chromium', { withinMs: 400_000, signal });
  await bringDebian(['prometheus'], 'prometheus', { withinMs: 200_000, signal });
}

async function bringJaeger(): Promise<void> {
  const { found } = await jaegerRequirement(root);
  if (found === null) return;
  await jaegerProgram({ root, signal, progress: (line) => console.log(line) });
}
