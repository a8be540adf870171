import { join } from 'node:path';
import { jaegerProgram, jaegerRequirement } from '@indoubt/lab';
import { bringDebian } from '../e2e/bring-debian.ts';

// Installs the tools of whole-lab tests that take minutes: a browser and Prometheus from Debian,
// and Jaeger, built by Go. If a tool cannot be installed, its tests are skipped and print the
// reason.
const root = join(import.meta.dirname, '..', '..');
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => stop.abort());
}
const { signal } = stop;
// A failure of one installation must not end the other.
const brought = await Promise.allSettled([bringDebianAll(), bringJaeger()]);
for (const each of brought) {
  if (each.status === 'fulfilled') continue;
  console.error(each.reason);
  process.exitCode = 1;
}

/** The installation of a browser takes longer than a single test may wait. */
async function bringDebianAll(): Promise<void> {
  await bringDebian(['chromium'], 'chromium', { withinMs: 400_000, signal });
  await bringDebian(['prometheus'], 'prometheus', { withinMs: 200_000, signal });
}

async function bringJaeger(): Promise<void> {
  const { found } = await jaegerRequirement(root);
  if (found === null) return;
  await jaegerProgram({ root, signal, progress: (line) => console.log(line) });
}
