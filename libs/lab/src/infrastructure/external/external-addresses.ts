import { Failure } from '@indoubt/failure';
import type { Environment, Infrastructure, Requirement } from '../provider.ts';

/** The environment variables that name the user's own servers, with an example of each. */
const EXTERNAL_VARIABLES = {
  INDOUBT_ORDER_DATABASE_URL: 'postgres://user:password@host:5432/postgres',
  INDOUBT_PAYMENT_DATABASE_URL: 'postgres://user:password@host:5433/postgres',
  INDOUBT_INVENTORY_DATABASE_URL: 'postgres://user:password@host:5434/postgres',
  INDOUBT_COORDINATOR_DATABASE_URL: 'postgres://user:password@host:5435/postgres',
  INDOUBT_KAFKA_BROKERS: 'host:9092,otherhost:9092',
} as const;
type ExternalVariable = keyof typeof EXTERNAL_VARIABLES;

export type ExternalAddresses = Pick<Infrastructure, 'databaseUrls' | 'brokers' | 'jaeger'>;

/** True as soon as one variable is set. Then a missing variable is an error. */
export function isExternalWanted(env: Environment): boolean {
  return Object.keys(EXTERNAL_VARIABLES).some((name) => Boolean(env[name]));
}

/** Lists the variables that are set and missing, without passwords. */
export function externalRequirements(env: Environment): Requirement[] {
  return Object.entries(EXTERNAL_VARIABLES).map(([name, example]) => ({
    what: `${name} in the environment`,
    found: env[name] ? withoutPassword(env[name]) : null,
    howToGet: `set it, such as ${name}=${example}`,
  }));
}

function withoutPassword(value: string): string {
  return value.replace(/\/\/[^@/]*@/, '//***@');
}

/**
 * Reads and checks the addresses without connecting to them.
 * @throws Failure 'invalid-config' naming the variable, what is wrong with it, and an example
 */
export function parseExternal(env: Environment): ExternalAddresses {
  return {
    databaseUrls: {
      order: databaseUrl(env, 'INDOUBT_ORDER_DATABASE_URL'),
      payment: databaseUrl(env, 'INDOUBT_PAYMENT_DATABASE_URL'),
      inventory: databaseUrl(env, 'INDOUBT_INVENTORY_DATABASE_URL'),
      coordinator: databaseUrl(env, 'INDOUBT_COORDINATOR_DATABASE_URL'),
    },
    brokers: brokerList(env),
    jaeger: jaegerUrls(env),
  };
}

function invalid(name: string, why: string, example: string): Failure {
  return new Failure(
    'invalid-config',
    `${name} ${why}.\nNext: set it to a value such as ${example}`,
  );
}

function required(env: Environment, name: ExternalVariable): string {
  const value = env[name];
  if (!value) throw invalid(name, 'is not set', EXTERNAL_VARIABLES[name]);
  return value;
}

function databaseUrl(env: Environment, name: ExternalVariable): string {
  const value = required(env, name);
  const url = URL.canParse(value) ? new URL(value) : null;
  const example = EXTERNAL_VARIABLES[name];
  if (!url) throw invalid(name, 'is not a URL', example);
  if (!['postgres:', 'postgresql:'].includes(url.protocol)) {
    throw invalid(name, `begins with ${url.protocol}// instead of postgres://`, example);
  }
  if (url.hostname === '') throw invalid(name, 'names no host', example);
  if (url.pathname.length < 2) throw invalid(name, 'names no database', example);
  return value;
}

function brokerList(env: Environment): string[] {
  const name = 'INDOUBT_KAFKA_BROKERS';
  const brokers = required(env, name)
    .split(',')
    .map((broker) => broker.trim())
    .filter((broker) => broker !== '');
  for (const broker of brokers) {
    const port = Number(/^(?:[^\s:/]+|\[[\da-f:]+\]):(\d+)$/i.exec(broker)?.[1]);
    if (port >= 1 && port <= 65_535) continue;
    throw invalid(name, `contains '${broker}', which is not host:port`, EXTERNAL_VARIABLES[name]);
  }
  if (brokers.length === 0) throw invalid(name, 'names no broker', EXTERNAL_VARIABLES[name]);
  return brokers;
}

function jaegerUrls(env: Environment): Infrastructure['jaeger'] {
  const uiUrl = httpUrl(env, 'INDOUBT_JAEGER_URL', 'http://host:16686');
  const otlpUrl = httpUrl(env, 'INDOUBT_OTLP_URL', 'http://host:4318');
  if (uiUrl && otlpUrl) return { uiUrl, otlpUrl };
  if (!uiUrl && !otlpUrl) return null;
  const [set, unset] = uiUrl
    ? ['INDOUBT_JAEGER_URL', 'INDOUBT_OTLP_URL']
    : ['INDOUBT_OTLP_URL', 'INDOUBT_JAEGER_URL'];
  const detail = `${set} is set and ${unset} is not.\nNext: set both, or neither for no traces.`;
  throw new Failure('invalid-config', detail);
}

function httpUrl(env: Environment, name: string, example: string): string | null {
  const value = env[name];
  if (!value) return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    throw invalid(name, 'is not an http:// or https:// URL', example);
  }
  return value.replace(/\/+$/, '');
}
