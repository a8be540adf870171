import { Failure } from '@indoubt/failure';
import { z } from 'zod';
import { chaosSettings, withChaos } from './chaos-config.ts';
import { tracesSettings } from './traces-config.ts';

/** A TCP or UDP port; 0 stands for any free port. */
export const port = numberText('a port, 0 (any free port) to 65535', 65_535);

/** A duration in whole milliseconds, up to a day: a longer duration is a typing error. */
export const durationMs = numberText('whole milliseconds, 0 to 86400000', 86_400_000);

const count = numberText('a whole number, 0 to 1000000', 1_000_000);

/** `host:port` addresses, joined by commas; empty parts are dropped. */
export const hostPorts = text('host:port, several joined by commas')
  .transform((list) =>
    list
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .refine((addresses) => addresses.length > 0 && addresses.every(isHostPort), {
    error: 'host:port, several joined by commas',
  });

/** The URL of one database, with user and password. */
export const postgresUrl = text('a postgres:// URL').refine(isPostgresUrl, {
  error: 'a postgres:// URL',
});

const SECRET_MIN = 16;

/** The secret that the services of a lab share. */
export const serviceSecret = z.string().min(SECRET_MIN);

/** The settings of every process. A process adds its own with `processConfig.extend({ … })`. */
export const processConfig = z.object({
  PORT: port,
  HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: postgresUrl,
  /** The file of the record of the run. Without it nothing is recorded, at no cost. */
  RECORD_FILE: z.string().optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  /** Needed to arm faults, and for requests between coordinator and participants. */
  SERVICE_SECRET: serviceSecret.optional(),
  /** The highest number of requests from one address in a second; 0 for no limit. */
  RATE_LIMIT_PER_SECOND: count.default(1_000),
  /** Public requests in flight at most; further requests are refused with a Retry-After. */
  IN_FLIGHT_MAX: count.default(1_000),
  /** Waiting requests for a database connection; with more, public requests are refused. */
  POOL_WAITING_MAX: count.default(200),
  ...chaosSettings,
  ...tracesSettings,
});
export type ProcessConfig = z.output<typeof processConfig>;

/** The settings of a service that sends and receives messages. */
export const serviceConfig = processConfig.extend({
  KAFKA_BROKERS: hostPorts,
  /** Put before the name of every topic and group, so that several labs can share a broker. */
  TOPIC_PREFIX: z.string().default(''),
  KAFKA_SESSION_TIMEOUT_MS: durationMs.default(10_000),
  /** UDP addresses of the relays that are woken after a commit. */
  RELAY_WAKE: hostPorts.optional(),
});

export type ServiceConfig = z.output<typeof serviceConfig>;

const HIDDEN = /SECRET|PASSWORD|TOKEN|URL/i;
const ZOD_SAYS = /^Invalid \w+: expected /;

/**
 * Reads the settings of a process. An empty variable counts as not set: `NAME=` in a compose file
 * means the same.
 * @throws Failure 'invalid-config' (definite) that names every wrong variable, its value (never
 *   that of a secret) and the expected form
 */
export function readConfig<Schema extends z.ZodType>(
  schema: Schema,
  env: Readonly<Record<string, string | undefined>>,
): z.output<Schema> {
  const set = Object.entries<unknown>(withChaos(env)).filter(([, value]) => value !== '');
  const given = Object.fromEntries(set);
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const wrong = new Map<string, string>();
  for (const { path, message } of parsed.error.issues) {
    const name = String(path[0] ?? 'together');
    const expected = message.replace(ZOD_SAYS, '');
    if (!wrong.has(name)) wrong.set(name, `  ${name}: ${found(name, given)}; expected ${expected}`);
  }
  throw new Failure(
    'invalid-config',
    `The environment does not fit:\n${[...wrong.values()].join('\n')}\nCorrect it and start again.`,
  );
}

function found(name: string, given: Record<string, unknown>): string {
  const value = given[name];
  if (value === undefined) return 'is not set';
  return HIDDEN.test(name) ? 'is set (value not shown)' : `is ${JSON.stringify(value)}`;
}

/** `http://host:port` addresses, joined by commas. */
export const httpUrls = text('http://host:port, several joined by commas')
  .transform((list) => list.split(',').map((part) => part.trim()))
  .refine((urls) => urls.every((url) => /^https?:\/\/[^/]+$/.test(url) && URL.canParse(url)), {
    error: 'http://host:port, several joined by commas',
  });

function text(expected: string) {
  return z.string({ error: expected });
}

function numberText(expected: string, max: number) {
  return text(expected)
    .regex(/^\d{1,9}$/, { error: expected })
    .transform(Number)
    .refine((value) => value <= max, { error: expected });
}

function isHostPort(address: string): boolean {
  const [, digits] = /^[\w.-]+:(\d{1,5})$/.exec(address) ?? [];
  return digits !== undefined && Number(digits) >= 1 && Number(digits) <= 65_535;
}

function isPostgresUrl(url: string): boolean {
  return /^postgres(ql)?:\/\//.test(url) && URL.canParse(url);
}
