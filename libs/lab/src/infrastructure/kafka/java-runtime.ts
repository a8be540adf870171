import { join } from 'node:path';
import { execa } from 'execa';
import type { Environment } from '../provider.ts';

/** The oldest that Kafka 4 runs on. */
export const JAVA_MAJOR_MIN = 17;

export interface JavaRuntime {
  command: string;
  /** All it prints about itself: a class archive is good only for the very JDK that made it. */
  fullVersion: string;
  version: string;
  major: number;
}

/** Reads the first line of `java -version`; the number 8 used to be written 1.8. */
export function parseJavaVersion(output: string): { version: string; major: number } | null {
  const version = /version "([^"]+)"/.exec(output)?.[1];
  if (version === undefined) return null;
  const [first, second] = version.split(/[.\-+_]/).map(Number);
  const major = first === 1 ? second : first;
  return major === undefined || Number.isNaN(major) ? null : { version, major };
}

/** JAVA_HOME's java, else the one on PATH, as Maven does. Null when there is none that runs. */
export async function findJava(env: Environment): Promise<JavaRuntime | null> {
  const command = env['JAVA_HOME'] ? join(env['JAVA_HOME'], 'bin', 'java') : 'java';
  const { failed, all } = await execa(command, ['-version'], { all: true, reject: false });
  if (failed || all === undefined) return null;
  const parsed = parseJavaVersion(all);
  return parsed && { command, fullVersion: all, ...parsed };
}
