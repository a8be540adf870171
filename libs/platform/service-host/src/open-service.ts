import { type Broker, createBroker } from '@indoubt/broker';
import { createWaker, type ServiceConfig, type Waker } from '@indoubt/http';
import { openProcess, type Process } from './open-process.ts';
import type { Linked } from './through-links.ts';

/** The parts of a service that sends and receives messages. */
export interface Service extends Process {
  broker: Broker;
  /** Wakes the relay after a commit that added rows to the outbox. */
  waker: Waker;
  /** Closes these parts; call it after the service itself has stopped. */
  close(): Promise<void>;
}

/**
 * Opens a process, its broker connection and its waker.
 * @param connectionsMax of the database pool
 * @throws Failure 'invalid-config' (definite) when faults can be armed without a secret
 */
export async function openService(
  name: string,
  config: Linked<ServiceConfig>,
  connectionsMax: number,
): Promise<Service> {
  const process = await openProcess(name, config, connectionsMax);
  const { log, pool } = process;
  const broker = createBroker({
    brokers: config.KAFKA_BROKERS,
    via: config.kafkaVia,
    clientId: name,
    prefix: config.TOPIC_PREFIX,
    log: (level, message, fields) => log[level](fields, message),
  });
  const waker = createWaker(config.RELAY_WAKE ?? []);
  return {
    ...process,
    broker,
    waker,
    async close() {
      waker.close();
      await Promise.all([broker.close(), pool.end()]);
    },
  };
}
