import type { Coordination } from '@indoubt/contracts';
import type { TracesExporter } from '@indoubt/record';
import type { DatabaseOwner, JaegerAddresses } from '../../infrastructure/provider.ts';
import type { ChaosSettings } from '../chaos/chaos-settings.ts';
import type { CardSettings, KeySettings, LimitSettings, TwoPhaseSettings } from './lab-settings.ts';
import { PROCESS_NAMES, type ProcessName } from './process-name.ts';

/**
 * The ports of each process. `http` is for HTTP. `wake` is UDP for the relays, and the HTTP port of
 * the standby for the coordinator.
 */
export type Ports = Record<ProcessName, { http: number; wake: number }>;

export interface ServiceSettings {
  /** The lab's name: the prefix of each topic (with a dot) and part of each transaction id. */
  lab: string;
  ports: Ports;
  databaseUrls: Record<DatabaseOwner, string>;
  brokers: string[];
  recordDir: string;
  compileCacheDir: string;
  /** The lab's processes authenticate each other by this secret. */
  secret: string;
  coordination: Coordination;
  saga: { answerWithinMs: number; attemptsMax: number };
  twoPhase: Partial<TwoPhaseSettings>;
  /** Null when no customer pays by card. Then there is no card processor. */
  cards: CardSettings | null;
  keys: KeySettings;
  limits: LimitSettings;
  /** The journal file of the card processor. */
  journal: string;
  sessionMs: number;
  chaos: Omit<ChaosSettings, 'rules'>;
  /** Where the processes export their spans; by default nowhere. */
  traces?: OwnTraces | null;
}

/** The exporter of a lab that has no end of a run at which its record could be exported. */
export interface OwnTraces {
  exporter: TracesExporter;
  jaeger: JaegerAddresses;
}

type Variables = Record<string, string>;

/** The participants of a global transaction, in the order of its branches. */
const PARTICIPANTS = ['inventory', 'payment', 'order'] as const satisfies ProcessName[];
const PREPARE_WITHIN_MS = 2_000;

/** Short, but longer than an attempt takes: otherwise an attempt would take over a live one. */
const LEASE_MS = 3_000;
/** Short, so that a hold without an order is voided before a test's time-out. */
const RECONCILE_EVERY_MS = 500;

/** The processes of a lab. The card processor runs only if a customer may pay by card. */
export function processesOfLab({ cards }: Pick<ServiceSettings, 'cards'>): ProcessName[] {
  return PROCESS_NAMES.filter((name) => name !== 'card-processor' || cards !== null);
}

type OfShop = Exclude<ProcessName, 'card-processor'>;

/** The database of a process: a service's own, or the database whose outbox a relay reads. */
function databaseOf(name: OfShop): DatabaseOwner {
  return name.replace('relay-', '') as DatabaseOwner;
}

/** The folder under services/ that a process runs. */
export function serviceOf(name: ProcessName): string {
  return name.startsWith('relay-') ? 'relay' : name;
}

/**
 * The environment of one service process, which has everything that the process knows. Pure.
 * @param rules  the faults of the process at its start, in the grammar of CHAOS
 */
export function serviceEnvironment(
  name: ProcessName,
  settings: ServiceSettings,
  rules = '',
): Variables {
  return {
    NODE_COMPILE_CACHE: settings.compileCacheDir,
    SERVICE_NAME: name,
    HOST: '127.0.0.1',
    PORT: String(settings.ports[name].http),
    RECORD_FILE: `${settings.recordDir}/${name}.jsonl`,
    ...(name === 'card-processor' ? ofCardProcessor(settings) : ofShop(name, settings)),
    ...ofChaos(settings, rules),
    ...ofTraces(settings),
  };
}

function ofTraces({ traces }: ServiceSettings): Variables {
  if (!traces) return {};
  const { exporter, jaeger } = traces;
  const { otlpUrl, thriftUrl } = jaeger;
  return {
    TRACES: exporter,
    OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl,
    ...(thriftUrl && { OTEL_EXPORTER_JAEGER_ENDPOINT: `${thriftUrl}/api/traces` }),
  };
}

function ofShop(name: OfShop, settings: ServiceSettings): Variables {
  const takesPart = PARTICIPANTS.some((participant) => participant === name);
  return {
    DATABASE_URL: settings.databaseUrls[databaseOf(name)],
    ...(name === 'coordinator' ? ofCoordinator(settings) : ofMessaging(name, settings)),
    ...(takesPart && ofParticipant(settings)),
    ...(name === 'order' && ofOrder(settings)),
    ...(name === 'payment' && ofPayment(settings)),
  };
}

/** The card processor is an external system: no database, no Kafka, only its own journal. */
function ofCardProcessor({ secret, journal }: ServiceSettings): Variables {
  return { SERVICE_SECRET: secret, JOURNAL: journal };
}

function ofPayment({ cards, ports }: ServiceSettings): Variables {
  if (cards === null) return {};
  const { outage, answerWithinMs } = cards;
  return {
    CARD_PROCESSOR_URL: url(ports['card-processor'].http),
    CARD_RECONCILE_EVERY_MS: String(RECONCILE_EVERY_MS),
    ...(outage !== undefined && { CARD_OUTAGE: outage }),
    ...(answerWithinMs !== undefined && { CARD_ANSWER_WITHIN_MS: String(answerWithinMs) }),
  };
}

/** Without faults no chaos variable is set. */
function ofChaos({ chaos, secret }: ServiceSettings, rules: string): Variables {
  const { seed, control, links } = chaos;
  return {
    ...(rules !== '' && { CHAOS: rules, CHAOS_SEED: String(seed) }),
    ...(control && { CHAOS_CONTROL: 'on', CHAOS_SEED: String(seed), SERVICE_SECRET: secret }),
    ...(links && { CHAOS_LINKS: 'on' }),
  };
}

function ofMessaging(name: OfShop, settings: ServiceSettings): Variables {
  const { ports, brokers, lab, sessionMs } = settings;
  const relay = `relay-${databaseOf(name)}` as OfShop;
  return {
    KAFKA_BROKERS: brokers.join(','),
    KAFKA_SESSION_TIMEOUT_MS: String(sessionMs),
    TOPIC_PREFIX: `${lab}.`,
    ...(name === relay
      ? { WAKE_PORT: String(ports[name].wake) }
      : { RELAY_WAKE: `127.0.0.1:${ports[relay].wake}` }),
  };
}

function ofCoordinator({ lab, secret, ports, twoPhase }: ServiceSettings): Variables {
  const participants = PARTICIPANTS.map((name) => `${name}=${url(ports[name].http)}`);
  return {
    LAB: lab,
    SERVICE_SECRET: secret,
    PARTICIPANTS: participants.join(','),
    PREPARE_WITHIN_MS: String(twoPhase.prepareWithinMs ?? PREPARE_WITHIN_MS),
  };
}

function ofParticipant({ lab, secret, ports }: ServiceSettings): Variables {
  const { http, wake } = ports.coordinator;
  return {
    LAB: lab,
    SERVICE_SECRET: secret,
    COORDINATOR_URLS: `${url(http)},${url(wake)}`,
  };
}

function ofOrder({ saga, coordination, twoPhase, keys, limits }: ServiceSettings): Variables {
  const { presume, branches, lastResource } = twoPhase;
  return {
    SAGA_ANSWER_WITHIN_MS: String(saga.answerWithinMs),
    SAGA_ATTEMPTS_MAX: String(saga.attemptsMax),
    COORDINATION: coordination,
    IDEMPOTENCY_LEASE_MS: String(keys.leaseMs ?? LEASE_MS),
    ...(keys.retainMs !== undefined && { IDEMPOTENCY_RETAIN_MS: String(keys.retainMs) }),
    ...(presume !== undefined && { TRANSACTION_PRESUME: presume }),
    ...(branches !== undefined && { TRANSACTION_BRANCHES: branches }),
    ...(lastResource !== undefined && { TRANSACTION_LAST_RESOURCE: String(lastResource) }),
    ...ofLimits(limits),
  };
}

function ofLimits({ ratePerSecond, inFlightMax }: LimitSettings): Variables {
  return {
    ...(ratePerSecond !== undefined && { RATE_LIMIT_PER_SECOND: String(ratePerSecond) }),
    ...(inFlightMax !== undefined && { IN_FLIGHT_MAX: String(inFlightMax) }),
  };
}

function url(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/**
 * The environment of another copy of a process, with its own record file and ports. A standby
 * coordinator has the port that the participants know. Other copies listen on any free port. Pure.
 * @param number  from 1
 * @param rules  the faults of the copy at its start, in the grammar of CHAOS
 */
export function copyEnvironment(
  name: ProcessName,
  settings: ServiceSettings,
  number: number,
  rules = '',
): Variables {
  const standby = settings.ports.coordinator.wake;
  return {
    ...serviceEnvironment(name, settings, rules),
    RECORD_FILE: `${settings.recordDir}/${name}-copy-${number}.jsonl`,
    PORT: name === 'coordinator' ? String(standby) : '0',
    ...(name.startsWith('relay-') && { WAKE_PORT: '0' }),
  };
}

/** @param ports  two for each process */
export function assignPorts(ports: number[]): Ports {
  const entries = PROCESS_NAMES.map((name, index) => {
    const [http, wake] = [ports[2 * index], ports[2 * index + 1]];
    if (http === undefined || wake === undefined)
      throw new Error('assignPorts needs two ports for each process');
    return [name, { http, wake }];
  });
  return Object.fromEntries(entries) as Ports;
}

export const PORTS_NEEDED = 2 * PROCESS_NAMES.length;
