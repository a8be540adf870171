import type { DatabaseOwner } from './infrastructure/provider.ts';
import { PROCESS_NAMES, type ProcessName } from './process-name.ts';
import type { Fault } from './scenario.ts';

/** Where each process listens: HTTP for all, and UDP wake-ups for the relays. */
export type Ports = Record<ProcessName, { http: number; wake: number }>;

export interface ServiceSettings {
  ports: Ports;
  databaseUrls: Record<DatabaseOwner, string>;
  brokers: string[];
  topicPrefix: string;
  recordDir: string;
  compileCacheDir: string;
  saga: { answerWithinMs: number; askMax: number };
  sessionMs: number;
}

/** The database that a process works on: a service's own, or the one whose outbox a relay reads. */
function databaseOf(name: ProcessName): DatabaseOwner {
  return name.replace('relay-', '') as DatabaseOwner;
}

/** The folder under services/ that a process runs. */
export function serviceOf(name: ProcessName): string {
  return name.startsWith('relay-') ? 'relay' : name;
}

/** The environment of one service process: all that it knows of the lab. Pure. */
export function serviceEnvironment(
  name: ProcessName,
  settings: ServiceSettings,
  fault: Fault | undefined,
): Record<string, string> {
  const { ports, saga } = settings;
  const owner = databaseOf(name);
  const relay = `relay-${owner}` as ProcessName;
  return {
    NODE_COMPILE_CACHE: settings.compileCacheDir,
    SERVICE_NAME: name,
    HOST: '127.0.0.1',
    PORT: String(ports[name].http),
    DATABASE_URL: settings.databaseUrls[owner],
    KAFKA_BROKERS: settings.brokers.join(','),
    KAFKA_SESSION_TIMEOUT_MS: String(settings.sessionMs),
    TOPIC_PREFIX: settings.topicPrefix,
    RECORD_FILE: `${settings.recordDir}/${name}.jsonl`,
    ...(name === relay
      ? { WAKE_PORT: String(ports[name].wake) }
      : { RELAY_WAKE: `127.0.0.1:${ports[relay].wake}` }),
    ...(name === 'order' && {
      SAGA_ANSWER_WITHIN_MS: String(saga.answerWithinMs),
      SAGA_ASK_MAX: String(saga.askMax),
    }),
    ...(fault && { CHAOS: `${fault.failpoint}=crash@${fault.hit}` }),
  };
}

/** @param ports twice as many as there are processes */
export function assignPorts(ports: number[]): Ports {
  const entries = PROCESS_NAMES.map((name, index) => {
    const [http, wake] = [ports[2 * index], ports[2 * index + 1]];
    if (http === undefined || wake === undefined) throw new Error('two ports for each process');
    return [name, { http, wake }];
  });
  return Object.fromEntries(entries) as Ports;
}

export const PORTS_NEEDED = 2 * PROCESS_NAMES.length;
