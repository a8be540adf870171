import { Failure } from '@indoubt/failure';
import { Client } from 'pg';
import { kafkaAnswers } from '../kafka/kafka-client.ts';
import {
  DATABASE_OWNERS,
  type DatabaseOwner,
  type Environment,
  type Infrastructure,
  type Provider,
  type StartContext,
} from '../provider.ts';
import { externalRequirements, parseExternal } from './external-addresses.ts';

const ANSWER_MS = 5000;

/** The user's own servers, named in the environment. This provider does not start or stop them. */
export function externalProvider(env: Environment): Provider {
  return {
    name: 'external',
    requirements: async () => externalRequirements(env),
    start: (context) => useExternal(env, context),
  };
}

async function useExternal(env: Environment, context: StartContext): Promise<Infrastructure> {
  const addresses = parseExternal(env);
  await Promise.all([
    ...DATABASE_OWNERS.map((owner) =>
      checkDatabase(owner, addresses.databaseUrls[owner], context.progress),
    ),
    checkKafka(addresses.brokers),
  ]);
  if (context.signal.aborted) throw new Failure('interrupted', 'external: interrupted.');
  return {
    provider: 'external',
    ...addresses,
    pids: {},
    servers: null,
    logsDir: null,
    stop: async () => {},
  };
}

async function checkDatabase(
  owner: DatabaseOwner,
  url: string,
  progress: StartContext['progress'],
): Promise<void> {
  const { host } = new URL(url);
  const client = new Client({ connectionString: url, connectionTimeoutMillis: ANSWER_MS });
  client.on('error', () => undefined); // the failing call reports the error too
  try {
    await client.connect();
    const { rows } = await client.query<{ prepared: number; may_create: boolean }>(
      `select current_setting('max_prepared_transactions')::int as prepared,
              rolcreatedb or rolsuper as may_create
         from pg_roles where rolname = current_user`,
    );
    if (!rows[0]?.may_create) {
      throw new Error('its user may not create databases, and the lab creates databases');
    }
    // The coordinator's database has no prepared transactions, only the decision log.
    if (rows[0].prepared === 0 && owner !== 'coordinator') {
      progress(
        `Warning: the ${owner} database at ${host} has max_prepared_transactions = 0: ` +
          'it will refuse two-phase commit.',
      );
    }
  } catch (error) {
    throw unusable(`the ${owner} database at ${host}`, error, variableOf(owner));
  } finally {
    await client.end().catch(() => undefined);
  }
}

function variableOf(owner: DatabaseOwner): string {
  return `INDOUBT_${owner.toUpperCase()}_DATABASE_URL`;
}

async function checkKafka(brokers: string[]): Promise<void> {
  try {
    if (!(await kafkaAnswers(brokers))) throw new Error('the cluster has no controller');
  } catch (error) {
    throw unusable(`Kafka at ${brokers.join(', ')}`, error, 'INDOUBT_KAFKA_BROKERS');
  }
}

function unusable(what: string, error: unknown, variable: string): Failure {
  const why = error instanceof Error ? error.message : String(error);
  const detail = `Cannot use ${what}.\nWhy: ${why}\nNext: check ${variable} and the server.`;
  return new Failure('infrastructure-unavailable', detail, { cause: error });
}
