import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '@indoubt/failure';
import { buildOnce } from '../files/build-once.ts';
import { explain } from '../process/explain-log.ts';
import type { Guard } from '../process/guard.ts';
import { runProgram } from '../process/run-program.ts';
import type { ServerProcess } from '../process/server-process.ts';
import type { StartContext } from '../provider.ts';
import type { JavaRuntime } from './java-runtime.ts';
import { converse } from './kafka-client.ts';
import { kafkaMain, startBroker } from './kafka-server.ts';
import { JVM_OPTIONS, kafkaProperties } from './kafka-settings.ts';

/** Any 16 bytes. They can be constant, because every cluster has only one broker. */
const CLUSTER_ID = Buffer.from('in-doubt-lab-001').toString('base64url');
const CONVERSE_MS = 20_000;
const EXIT_MS = 30_000; // writing the archive takes 4 s on a quiet machine

export interface Rehearsal {
  java: JavaRuntime;
  jarsDir: string;
  instanceDir: string;
  logsDir: string;
  guard: Guard;
  started: (server: ServerProcess) => void;
}

/**
 * Makes once what lets later brokers start quickly: formatted storage, and an archive of the
 * classes that a broker loads between start and stop. The key of the cache includes the output of
 * `java -version`, because an archive works only with the JDK that wrote it.
 * @throws Failure 'infrastructure-unavailable' with the end of the broker's log
 */
export async function rehearsedKafka(
  rehearsal: Rehearsal,
  context: StartContext,
): Promise<{ storageDir: string; archiveFile: string }> {
  const { java, jarsDir, instanceDir } = rehearsal;
  const key = createHash('sha256')
    .update(JSON.stringify([java.fullVersion, JVM_OPTIONS, jarsDir]))
    .digest('hex')
    .slice(0, 8);
  const cache = join(context.root, '.lab', 'cache', `kafka-rehearsed-${key}`);
  await buildOnce(cache, async (temporary) => {
    context.progress('Kafka: preparing for faster starts (once, about 10 s)');
    const workDir = join(instanceDir, 'kafka-rehearsal');
    await mkdir(workDir);
    const storageDir = join(temporary, 'storage');
    await formatStorage(rehearsal, storageDir, context.signal);
    await rehearse(rehearsal, storageDir, join(temporary, 'broker.jsa'), context.signal);
    await rm(workDir, { recursive: true });
  });
  return { storageDir: join(cache, 'storage'), archiveFile: join(cache, 'broker.jsa') };
}

async function formatStorage(
  { java, jarsDir, instanceDir, logsDir }: Rehearsal,
  storageDir: string,
  signal: AbortSignal,
): Promise<void> {
  const propertiesFile = join(instanceDir, 'kafka-rehearsal', 'format.properties');
  // The ports are not written into the storage.
  const place = { dataDir: storageDir, brokerPort: 1, controllerPort: 2 };
  await writeFile(propertiesFile, kafkaProperties(place));
  const { failed, output } = await runProgram(
    java.command,
    [
      ...JVM_OPTIONS,
      ...kafkaMain(jarsDir, 'kafka.tools.StorageTool'),
      'format',
      '-t',
      CLUSTER_ID,
      '-c',
      propertiesFile,
    ],
    { cancelSignal: signal },
  );
  if (!failed) return;
  if (signal.aborted) throw new Failure('interrupted', 'Kafka: interrupted.');
  const logFile = join(logsDir, 'kafka-format.log');
  await writeFile(logFile, output);
  const detail = explain('Kafka: its storage could not be formatted.', output, logFile);
  throw new Failure('infrastructure-unavailable', detail);
}

/** A failure to write the archive is ignored: without it brokers start too, only more slowly. */
async function rehearse(
  { java, jarsDir, instanceDir, logsDir, guard, started }: Rehearsal,
  storageDir: string,
  archiveFile: string,
  signal: AbortSignal,
): Promise<void> {
  const { server, brokers } = await startBroker({
    name: 'kafka-rehearsal',
    java,
    jarsDir,
    storageDir,
    jvmOptions: [`-XX:ArchiveClassesAtExit=${archiveFile}`],
    workDir: join(instanceDir, 'kafka-rehearsal'),
    logFile: join(logsDir, 'kafka-rehearsal.log'),
    guard,
    signal,
    started,
  });
  const enough = AbortSignal.any([signal, AbortSignal.timeout(CONVERSE_MS)]);
  await converse(brokers, enough).catch(() => undefined);
  server.signal('SIGTERM'); // the broker writes the archive while it stops
  const patience = new AbortController();
  const tooLong = delay(EXIT_MS, undefined, {
    signal: AbortSignal.any([signal, patience.signal]),
  });
  await Promise.race([server.exited, tooLong.catch(() => undefined)]);
  patience.abort();
  if (!server.hasExited()) {
    server.signal('SIGKILL');
    await server.exited;
    await rm(archiveFile, { force: true }); // the archive may be incomplete
  }
  if (signal.aborted) throw new Failure('interrupted', 'Kafka: interrupted.');
}
