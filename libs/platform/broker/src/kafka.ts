import { connect } from 'node:net';
import { Failure } from '@indoubt/failure';
import { type ISocketFactory, Kafka, type KafkaConfig, logLevel } from 'kafkajs';

export interface BrokerOptions {
  brokers: string[];
  clientId: string;
  /** Put before every topic and group name, so that several labs can share a broker. */
  prefix: string;
  log: BrokerLog;
  /** The address of a link to the broker, used instead of the broker's own address. */
  via?: { host: string; port: number } | undefined;
}

export type BrokerLog = (
  level: 'error' | 'warn' | 'info' | 'debug',
  message: string,
  fields: Record<string, unknown>,
) => void;

// kafkajs gives up within seconds when a broker is unavailable, and the callers retry, since they
// know that no message is lost. The defaults of kafkajs (30 s requests, five retries) would block
// the callers for most of a minute.
const RETRY = { initialRetryTime: 50, maxRetryTime: 500, retries: 4 };
const CONNECT_WITHIN_MS = 1_000;
const REQUEST_WITHIN_MS = 5_000;

const LEVELS = {
  [logLevel.ERROR]: 'error',
  [logLevel.WARN]: 'warn',
  [logLevel.INFO]: 'info',
  [logLevel.DEBUG]: 'debug',
  [logLevel.NOTHING]: 'debug',
} as const;

export function createKafka({ brokers, clientId, log, via }: Omit<BrokerOptions, 'prefix'>): Kafka {
  const config: KafkaConfig = {
    brokers,
    clientId,
    ...(via && { socketFactory: through(via) }),
    retry: RETRY,
    connectionTimeout: CONNECT_WITHIN_MS,
    requestTimeout: REQUEST_WITHIN_MS,
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ namespace, level, log: { message, ...fields } }) =>
        log(LEVELS[level], `${namespace}: ${message}`, fields),
  };
  return new Kafka(config);
}

/** Connects to the link for whatever address the broker gives. */
function through(via: { host: string; port: number }): ISocketFactory {
  return ({ onConnect }) => connect({ ...via, keepAlive: true }, onConnect);
}

/**
 * An error of kafkajs as a Failure. It is indefinite: the broker may have taken the message.
 */
export function asFailure(error: unknown, doing: string): Failure {
  const text = error instanceof Error ? error.message : String(error);
  return new Failure('broker-unavailable', `${doing}: ${text}`, { cause: error });
}
