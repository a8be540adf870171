import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyTree } from '../files/copy-tree.ts';
import { freePorts } from '../free-ports.ts';
import { readLog } from '../process/explain-log.ts';
import type { Guard } from '../process/guard.ts';
import { type ServerProcess, startServer, untilReady } from '../process/server-process.ts';
import type { JavaRuntime } from './java-runtime.ts';
import { kafkaAnswers } from './kafka-client.ts';
import { JVM_OPTIONS, type KafkaPlace, kafkaProperties } from './kafka-settings.ts';

const READY_MS = 40_000; // 1.3 s on an idle machine; much longer on a busy one
const PORT_ATTEMPTS = 3;

export interface StartBroker {
  name: string;
  java: JavaRuntime;
  jarsDir: string;
  /** A formatted, unused storage folder. The broker starts on a copy of it. */
  storageDir: string;
  /** Additional options of the JVM. */
  jvmOptions: string[];
  workDir: string;
  logFile: string;
  guard: Guard;
  signal: AbortSignal;
  /** Called with each process at once, so that it is stopped even if its start fails. */
  started: (server: ServerProcess) => void;
}

/** A broker that was started. */
export interface StartedBroker {
  server: ServerProcess;
  brokers: string[];
  /** Restarts the broker after its end on the same data and port. @throws as the first start */
  again: () => Promise<void>;
}

/**
 * Starts one Kafka broker on free ports.
 * @returns when the broker has replied to a client
 * @throws Failure 'infrastructure-unavailable' with the end of its log; 'interrupted' on abort
 */
export async function startBroker(start: StartBroker): Promise<StartedBroker> {
  await mkdir(start.workDir, { recursive: true });
  for (let attempt = 1; ; attempt++) {
    const [brokerPort, controllerPort] = (await freePorts(2)) as [number, number];
    const dataDir = join(start.workDir, `attempt-${attempt}`);
    const place = { dataDir, brokerPort, controllerPort };
    await copyTree(start.storageDir, dataDir);
    await writeFile(propertiesFileOf(place), kafkaProperties(place));
    try {
      const server = await runBroker(start, place);
      const again = async (): Promise<void> => void (await runBroker(start, place));
      return { server, brokers: brokersOf(place), again };
    } catch (error) {
      // Another program bound a port between our check and the start: try again with other ports.
      const portTaken = /Address already in use|BindException/.test(await readLog(start.logFile));
      if (!portTaken || attempt === PORT_ATTEMPTS || start.signal.aborted) throw error;
    }
  }
}

/** Starts a broker on existing data, and waits until it replies. */
async function runBroker(start: StartBroker, place: KafkaPlace): Promise<ServerProcess> {
  const server = await spawnBroker(start, place);
  start.started(server);
  const probe = (): Promise<boolean> => kafkaAnswers(brokersOf(place), place.dataDir);
  await untilReady(server, { probe, timeoutMs: READY_MS, signal: start.signal });
  return server;
}

function brokersOf({ brokerPort }: KafkaPlace): string[] {
  return [`127.0.0.1:${brokerPort}`];
}

function propertiesFileOf({ dataDir }: KafkaPlace): string {
  return `${dataDir}.properties`;
}

function spawnBroker(
  { name, java, jarsDir, jvmOptions, workDir, logFile, guard }: StartBroker,
  place: KafkaPlace,
): Promise<ServerProcess> {
  const program = [...kafkaMain(jarsDir, 'kafka.Kafka'), propertiesFileOf(place)];
  return startServer({
    name,
    command: java.command,
    args: [...JVM_OPTIONS, ...jvmOptions, ...program],
    cwd: workDir,
    logFile,
    guard,
    lastSignal: 'KILL',
  });
}

/** Class path and main class. The JVM itself expands the star. */
export function kafkaMain(jarsDir: string, mainClass: string): string[] {
  return ['-cp', join(jarsDir, '*'), mainClass];
}

/** Uses the class archive if it exists: 1.3 s instead of 3.2 s. The JVM ignores a stale archive. */
export function archiveOption(archiveFile: string): string[] {
  return existsSync(archiveFile) ? [`-XX:SharedArchiveFile=${archiveFile}`] : [];
}
