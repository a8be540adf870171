import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '@indoubt/failure';
import { buildOnce } from '../files/build-once.ts';
import { explain } from '../process/explain-log.ts';
import { runProgram } from '../process/run-program.ts';
import type { StartContext } from '../provider.ts';

const POM_FILE = join(import.meta.dirname, '..', '..', '..', 'kafka', 'pom.xml');
const COPY_GOAL = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';
// -C: a wrong checksum of a jar is an error, not a warning.
const MAVEN_ARGUMENTS = ['-B', '-C', '-f', POM_FILE, COPY_GOAL, '-DincludeScope=runtime'];
const PROGRESS_JARS = 10; // one progress line per ten jars

/** The pom pins the version, and its hash is in the folder's name: another pom, another folder. */
function kafkaJarsFolder(root: string): { version: string; folder: string } {
  const pom = readFileSync(POM_FILE, 'utf8');
  const version = /<artifactId>kafka_[\d.]+<\/artifactId>\s*<version>([^<]+)</.exec(pom)?.[1];
  if (version === undefined) throw new Error(`${POM_FILE} has no Kafka version`);
  const key = createHash('sha256').update(pom).digest('hex').slice(0, 8);
  return { version, folder: join(root, '.lab', 'cache', `kafka-${version}-${key}`) };
}

export function hasKafkaJars(root: string): boolean {
  return existsSync(kafkaJarsFolder(root).folder);
}

/**
 * Finds the broker's jars in `.lab/cache`, or downloads them with Maven (43 MB).
 * @returns the folder of the jars
 * @throws Failure 'infrastructure-unavailable' naming the cause and Maven's log
 */
export async function kafkaJars({ root, progress, signal }: StartContext): Promise<string> {
  const { version, folder } = kafkaJarsFolder(root);
  const logFile = join(root, '.lab', 'logs', 'maven.log');
  return buildOnce(folder, async (temporary) => {
    progress(`Kafka ${version}: fetching its jars with Maven (once, 43 MB)`);
    await mkdir(join(root, '.lab', 'logs'), { recursive: true });
    let fetched = 0;
    const { failed, output } = await runProgram(
      'mvn',
      [...MAVEN_ARGUMENTS, `-DoutputDirectory=${temporary}`],
      { cancelSignal: signal },
      (line) => {
        if (!/Downloaded from .*\.jar /.test(line) || ++fetched % PROGRESS_JARS > 0) return;
        progress(`Kafka ${version}: ${fetched} jars fetched`);
      },
    );
    await writeFile(logFile, output);
    if (signal.aborted) throw new Failure('interrupted', 'Maven: interrupted.');
    if (!failed && (await readdir(temporary)).some((name) => name.startsWith('kafka_'))) return;
    const what = `Kafka ${version}: Maven could not fetch its jars. Next: fix this and retry.`;
    throw new Failure('infrastructure-unavailable', explain(what, output, logFile));
  });
}
