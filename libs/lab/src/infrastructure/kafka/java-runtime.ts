import { join } from 'node:path';
import { execa } from 'execa';
import type { Environment } from '../provider.ts';

/** The oldest Java that runs Kafka 4. */
export const JAVA_MAJOR_MIN = 17;

export interface JavaRuntime {
  command: string;
  /** The whole output of `java -version`: a class archive works only with the JDK that made it. */
  fullVersion: string;
  version: string;
  major: number;
}

/** Reads the version from the output of `java -version`. Java 8 reports itself as 1.8. */
export function parseJavaVersion(output: string): { version: string; major: number } | null {
  const version = /version "([^"]+)"/.exec(output)?.[1];
  if (version === undefined) return null;
  const [first, second] = version.split(/[.\-+_]/).map(Number);
  const major = first === 1 ? second : first;
  return major === undefined || Number.isNaN(major) ? null : { version, major };
}

/** The java of JAVA_HOME, or else of PATH, as Maven chooses it. Null when no Java runs. */
export async function findJava(env: Environment): Promise<JavaRuntime | null> {
  const command = env['JAVA_HOME'] ? join(env['JAVA_HOME'], 'bin', 'java') : 'java';
  const { failed, all } = await execa(command, ['-version'], { all: true, reject: false });
  if (failed || all === undefined) return null;
  const parsed = parseJavaVersion(all);
  return parsed && { command, fullVersion: all, ...parsed };
}
