import { statfs } from 'node:fs/promises';
import { Failure } from '@indoubt/failure';
import { findJava, JAVA_MAJOR_MIN, type JavaRuntime } from './kafka/java-runtime.ts';
import { hasKafkaJars } from './kafka/kafka-jars.ts';
import { findPostgresBinaries, type PostgresBinaries } from './postgres/postgres-binaries.ts';
import { runProgram } from './process/run-program.ts';
import { type Account, unprivilegedAccount } from './process/unprivileged-account.ts';
import type { Environment, Requirement } from './provider.ts';
import { explainMissing } from './requirement.ts';

// Jars, templates and one instance take 400 MB. The rest is for the files of a run.
const FREE_BYTES_MIN = 600 * 1024 * 1024;
const MAVEN_MS = 5000;

/** The programs that the native provider needs. */
export interface NativeParts {
  requirements: () => Promise<Requirement[]>;
  /** @throws Failure 'infrastructure-unavailable' that lists what is missing and how to get it */
  find: () => Promise<{
    java: JavaRuntime;
    binaries: PostgresBinaries;
    account: Account | undefined;
  }>;
}

/** Searches for each program only once. */
export function nativeParts(env: Environment, root: string): NativeParts {
  let programs: ReturnType<typeof findPrograms> | undefined;
  const findOnce = (): ReturnType<typeof findPrograms> => (programs ??= findPrograms(env, root));
  return {
    requirements: async () => (await findOnce()).requirements,
    find: async () => {
      const { java, binaries, account, requirements } = await findOnce();
      const isComplete = requirements.every(({ found }) => found !== null);
      if (java === null || binaries === null || account === null || !isComplete) {
        throw new Failure('infrastructure-unavailable', explainMissing('native', requirements));
      }
      return { java, binaries, account };
    },
  };
}

async function findPrograms(env: Environment, root: string) {
  const binaries = findPostgresBinaries();
  const [java, maven, account, freeBytes] = await Promise.all([
    findJava(env),
    findMaven(root),
    unprivilegedAccount(),
    statfs(root).then(({ bavail, bsize }) => bavail * bsize),
  ]);
  const requirements: Requirement[] = [
    {
      what: `a Java runtime, ${JAVA_MAJOR_MIN} or later (for Kafka)`,
      found: java && java.major >= JAVA_MAJOR_MIN ? java.version : null,
      howToGet: javaHint(java, env),
    },
    {
      what: "Maven (fetches Kafka's jars once)",
      found: maven,
      howToGet: "install 'maven' with the system's package manager, or from maven.apache.org",
    },
    {
      what: `PostgreSQL for ${process.platform} ${process.arch}`,
      found: binaries?.version ?? null,
      howToGet: 'there is no npm package for this platform: use --infra docker or external',
    },
    {
      what: 'an account that Postgres may run as (it refuses root)',
      found: account === undefined ? 'this user' : (account?.name ?? null),
      howToGet: "run as an ordinary user, or create the account 'nobody'",
    },
    {
      what: 'free disk space, 600 MB or more',
      found: freeBytes >= FREE_BYTES_MIN ? `${Math.floor(freeBytes / 2 ** 20)} MB` : null,
      howToGet: `free some space on the disk of ${root}`,
    },
  ];
  return { java, binaries, account, requirements };
}

function javaHint(java: JavaRuntime | null, env: Environment): string {
  const install = `install a JDK ${JAVA_MAJOR_MIN} or later and put it on PATH or in JAVA_HOME`;
  if (java && java.major < JAVA_MAJOR_MIN) return `${java.command} is ${java.version}: ${install}`;
  return !java && env['JAVA_HOME']
    ? `no java runs in JAVA_HOME (${env['JAVA_HOME']}): ${install}`
    : install;
}

/** Starting Maven takes half a second, so this happens only when the jars are missing. */
async function findMaven(root: string): Promise<string | null> {
  if (hasKafkaJars(root)) return 'not needed, the jars are cached';
  const { failed, output } = await runProgram('mvn', ['-v'], { timeout: MAVEN_MS });
  return failed ? null : (/Apache Maven ([\w.-]+)/.exec(output)?.[1] ?? 'found');
}
