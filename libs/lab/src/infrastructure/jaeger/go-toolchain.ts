import { runProgram } from '../process/run-program.ts';
import type { Requirement } from '../provider.ts';

const VERSION_TIMEOUT_MS = 5_000;

/** Version of the Go on PATH, such as 1.26.8; null when no Go runs. */
export async function findGo(): Promise<string | null> {
  // GOTOOLCHAIN=local: the version of this Go, not of a newer Go that it would download.
  const options = { timeout: VERSION_TIMEOUT_MS, env: { GOTOOLCHAIN: 'local' } };
  const { failed, output } = await runProgram('go', ['version'], options);
  return failed ? null : parseGoVersion(output);
}

/** Reads what `go version` prints. Pure. @returns null when it names no release */
export function parseGoVersion(output: string): string | null {
  return /\bgo(\d+\.\d+(?:\.\d+)?)/.exec(output)?.[1] ?? null;
}

/** Whether a version is at least the wanted version. Pure. */
export function isAtLeast(version: string, wanted: string): boolean {
  const parts = (text: string): number[] => text.split('.').map(Number);
  const [has, needs] = [parts(version), parts(wanted)];
  for (const [index, need] of needs.entries()) {
    const part = has[index] ?? 0;
    if (part !== need) return part > need;
  }
  return true;
}

/** @param found  Go's version, null without Go. Pure */
export function goRequirement(found: string | null, wanted: string): Requirement {
  const get = `install Go ${wanted} or later (https://go.dev/dl) and put it on PATH`;
  const isEnough = found !== null && isAtLeast(found, wanted);
  return {
    what: `Go ${wanted} or later (builds Jaeger once, in about three minutes)`,
    found: isEnough ? found : null,
    howToGet: found === null ? get : `the Go on PATH is ${found}: ${get}`,
  };
}
