import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Coordination } from '@indoubt/contracts';
import type { RecordLine, TracesExporter } from '@indoubt/record';
import type { World } from '@indoubt/shop';
import { createLabTopics, type LabTopics } from '../../evidence/lab-topics.ts';
import { type RecordTail, tailRecord } from '../../evidence/record/record-tail.ts';
import { type RecordWriter, recordWriter } from '../../evidence/record/record-writer.ts';
import type { Endpoints } from '../../evidence/run-result.ts';
import { freePorts } from '../../infrastructure/free-ports.ts';
import { packedModules } from '../../infrastructure/modules/packed-modules.ts';
import {
  createLabDatabases,
  dropDatabases,
  type LabDatabases,
  whole,
} from '../../infrastructure/postgres/lab-databases.ts';
import { startGuard } from '../../infrastructure/process/guard.ts';
import {
  DATABASE_OWNERS,
  type DatabaseOwner,
  type Infrastructure,
} from '../../infrastructure/provider.ts';
import { type ChaosClient, chaosClient } from '../chaos/chaos-client.ts';
import { armedLater, type ChaosSettings, NO_CHAOS } from '../chaos/chaos-settings.ts';
import type { CardSettings, KeySettings, LimitSettings, TwoPhaseSettings } from './lab-settings.ts';
import type { ProcessName } from './process-name.ts';
import { assignPorts, PORTS_NEEDED, type Ports } from './service-environment.ts';
import { type Services, startServices } from './services.ts';

export interface LabOptions {
  infrastructure: Infrastructure;
  /** The checkout. */
  root: string;
  /** Folder of the record and the logs of this run. It is created here. */
  runDir: string;
  world: World;
  /** The default coordination of orders. */
  coordination: Coordination;
  saga: { answerWithinMs: number; attemptsMax: number };
  twoPhase?: Partial<TwoPhaseSettings>;
  /** If given, the card processor runs, as it does for a customer with a card. */
  cards?: CardSettings | undefined;
  keys?: KeySettings | undefined;
  limits?: LimitSettings | undefined;
  /** The faults of the lab; none by default. */
  chaos?: ChaosSettings | undefined;
  /** Processes that stay dead until `services.restart`. All others are restarted at once. */
  leftDead?: readonly ProcessName[] | undefined;
  /** After so many deaths no process is restarted; default 50. */
  deathsMax?: number;
  /** The exporter by which the processes send their spans to Jaeger; none by default. */
  traces?: TracesExporter;
  signal: AbortSignal;
  /** Gets every event of the record as soon as it is written. Spans come after the run. */
  onLine(line: RecordLine): void;
}

/** A running lab: its own databases and topics on the servers, and its own service processes. */
export interface Lab {
  coordination: Coordination;
  endpoints: Endpoints;
  databases: LabDatabases;
  topics: LabTopics;
  record: RecordTail;
  writer: RecordWriter;
  services: Services;
  /** The journal file of the card processor, which may not exist. */
  journal: string;
  /** How long the order service stores a key; null: longer than any run. Milliseconds. */
  keysKeptMs: number | null;
  runDir: string;
  logsDir: string;
  /** Arms more faults while the lab runs; null unless `chaos.control` is set. */
  chaos: ChaosClient | null;
  /** Stops the processes, reads the rest of the record, and removes databases and topics. */
  stop(): Promise<void>;
}

/** The default time-outs of a saga. */
export const DEFAULT_SAGA = { answerWithinMs: 5_000, attemptsMax: 4 };

const DEATHS_MAX = 50;

/** Session time-out of a consumer: short, because processes of this lab die often. */
const SESSION_MS = 1_500;

/** The path of a new run folder. Its name starts with the time, so that folders sort by time. */
export function newRunDir(root: string, name: string): string {
  const at = new Date().toISOString().replace(/[:.]/g, '-').slice(0, 23);
  return join(root, '.lab', 'runs', `${at}-${name}`);
}

/**
 * Starts a whole lab. Every lab is started by this function.
 * @throws Failure 'lab-failed' that names the process that did not become ready and its log
 */
export async function startLab(options: LabOptions): Promise<Lab> {
  const cleanUp: CleanUp = [];
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= runAll(cleanUp.toReversed()));
  try {
    const lab = await start(options, cleanUp);
    return Object.assign(lab, { stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Functions that undo the steps of the start, in the order of the steps. */
type CleanUp = (() => Promise<void>)[];

async function start(options: LabOptions, cleanUp: CleanUp): Promise<Omit<Lab, 'stop'>> {
  const { infrastructure, root, runDir, signal, coordination } = options;
  const { brokers, jaeger } = infrastructure;
  const id = randomBytes(4).toString('hex');
  const [lab, topicPrefix] = [`lab-${id}`, `lab-${id}.`];
  const secret = randomBytes(16).toString('hex');
  const [recordDir, logsDir] = makeFolders(runDir);
  const guard = startGuard();
  cleanUp.push(() => guard.release());
  const made = await Promise.allSettled([
    createLabDatabases(infrastructure, root, id, options.world),
    createLabTopics(brokers, topicPrefix),
  ]);
  cleanUp.push(() => dropAll(made));
  const nodeArgs = await packedModules(root, join(logsDir, 'pack.log'));
  signal.throwIfAborted();
  const [databases, topics] = [whole(made[0]), whole(made[1])];
  const ports = assignPorts(await freePorts(PORTS_NEEDED));
  const record = tailRecord(recordDir, options.onLine);
  cleanUp.push(() => record.close());
  const writer = recordWriter(recordDir);
  const databaseUrls = urlsOf(databases);
  const compileCacheDir = join(root, '.lab', 'compile-cache');
  const own = { lab, ports, databaseUrls, brokers, recordDir, compileCacheDir, secret };
  const { rules, later, ...chaos } = armedLater(options.chaos ?? NO_CHAOS);
  const traces = jaeger && options.traces ? { exporter: options.traces, jaeger } : null;
  const journal = join(runDir, 'card-processor.jsonl');
  const rest = { journal, sessionMs: SESSION_MS, chaos, traces };
  const settings = { ...own, ...storySettings(options), ...rest };
  const { leftDead = [], deathsMax = DEATHS_MAX } = options;
  const shared = { root, logsDir, nodeArgs, guard, writer, record, signal };
  const services = startServices({ ...shared, rules, leftDead, deathsMax, settings });
  cleanUp.push(() => services.stop());
  await services.ready();
  const servers = { brokers, topicPrefix, secret, jaegerUrl: jaeger?.uiUrl ?? null };
  const control = chaos.control ? controlOf(services, ports, secret, signal) : null;
  if (later.length > 0) await control?.set(later);
  const parts = { databases, topics, record, writer, services, journal };
  return {
    ...parts,
    coordination,
    chaos: control,
    keysKeptMs: options.keys?.retainMs ?? null,
    runDir,
    logsDir,
    get endpoints() {
      return { services: addresses(services, ports), ...servers, databases: databaseUrls };
    },
  };
}

/** The settings of the services that a scenario can set. */
function storySettings(options: LabOptions) {
  const { coordination, saga, twoPhase = {}, keys = {}, limits = {} } = options;
  return { coordination, saga, twoPhase, keys, limits, cards: cardsOf(options) };
}

/** Null when no customer of this shop pays by card. */
function cardsOf({ cards, world }: LabOptions): CardSettings | null {
  const hasCard = world.customers.some(({ card }) => card !== undefined);
  return cards ?? (hasCard ? {} : null);
}

function controlOf(services: Services, ports: Ports, secret: string, signal: AbortSignal) {
  const target = {
    secret,
    get services() {
      return addresses(services, ports);
    },
  };
  return chaosClient(target, signal);
}

function urlsOf(databases: LabDatabases): Record<DatabaseOwner, string> {
  const urls = DATABASE_OWNERS.map((owner) => [owner, databases[owner].url]);
  return Object.fromEntries(urls) as Record<DatabaseOwner, string>;
}

function makeFolders(runDir: string): [recordDir: string, logsDir: string] {
  const recordDir = join(runDir, 'record');
  const logsDir = join(runDir, 'logs');
  for (const dir of [recordDir, logsDir]) mkdirSync(dir, { recursive: true });
  return [recordDir, logsDir];
}

function addresses(services: Services, ports: Ports): Endpoints['services'] {
  return services.running().map(({ name, pid }) => {
    return { name, url: `http://127.0.0.1:${ports[name].http}`, pid };
  });
}

type Made = [PromiseSettledResult<LabDatabases>, PromiseSettledResult<LabTopics>];

/** Drops the databases or topics that were created, also when the other creation failed. */
async function dropAll([databases, topics]: Made): Promise<void> {
  const drops: CleanUp = [];
  if (topics.status === 'fulfilled') drops.push(() => topics.value.drop());
  if (databases.status === 'fulfilled') drops.push(() => dropDatabases(databases.value));
  await Promise.all(drops.map((drop) => drop()));
}

/** Runs every step, also after a failed step, and then throws the first error. */
async function runAll(steps: CleanUp): Promise<void> {
  const errors: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw errors[0];
}
