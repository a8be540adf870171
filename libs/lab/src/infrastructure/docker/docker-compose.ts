import { join } from 'node:path';
import { postgresUrl } from '../postgres/postgres-settings.ts';
import type { Infrastructure, JaegerAddresses } from '../provider.ts';

/** Host ports of one set of containers, in the order of PORT_VARIABLES. */
export type DockerPorts = [number, number, number, number, number, number, number, number];

/** The variables from which docker-compose.yml reads its host ports. */
export const PORT_VARIABLES = [
  'INDOUBT_ORDER_DATABASE_PORT',
  'INDOUBT_PAYMENT_DATABASE_PORT',
  'INDOUBT_INVENTORY_DATABASE_PORT',
  'INDOUBT_COORDINATOR_DATABASE_PORT',
  'INDOUBT_KAFKA_PORT',
  'INDOUBT_JAEGER_PORT',
  'INDOUBT_OTLP_PORT',
  'INDOUBT_THRIFT_PORT',
] as const;

/** The containers that a lab needs. The file also has the services, which a person can start. */
export const SERVERS = [
  'postgres-order',
  'postgres-payment',
  'postgres-inventory',
  'postgres-coordinator',
  'kafka',
  'jaeger',
] as const;

/** One set of containers. The project name separates it from other labs on this machine. */
export interface ComposeProject {
  root: string;
  name: string;
  ports: DockerPorts;
  password: string;
}

/** `docker` arguments for a compose command on this project. */
function composeArguments(
  { root, name }: Pick<ComposeProject, 'root' | 'name'>,
  ...command: string[]
): string[] {
  return ['compose', '-p', name, '-f', join(root, 'docker-compose.yml'), ...command];
}

/** @param servers  some of SERVERS */
export function upArguments(
  project: ComposeProject,
  timeoutS: number,
  servers: readonly string[] = SERVERS,
): string[] {
  const wait = ['--wait', '--wait-timeout', String(timeoutS)];
  return composeArguments(project, 'up', '--detach', ...wait, ...servers);
}

/** Removes the volumes too. Two seconds to stop are enough, because nobody reads the data again. */
export function downArguments(project: Pick<ComposeProject, 'root' | 'name'>): string[] {
  return composeArguments(project, 'down', '--volumes', '--remove-orphans', '--timeout', '2');
}

export function composeEnvironment({ ports, password }: ComposeProject): Record<string, string> {
  const portEntries = PORT_VARIABLES.map((name, index) => [name, String(ports[index])] as const);
  return { ...Object.fromEntries(portEntries), INDOUBT_DATABASE_PASSWORD: password };
}

export function composeAddresses({
  ports: [order, payment, inventory, coordinator, kafka, jaeger, otlp, thrift],
  password,
}: ComposeProject): Pick<Infrastructure, 'databaseUrls' | 'brokers'> & { jaeger: JaegerAddresses } {
  return {
    databaseUrls: {
      order: postgresUrl(order, password),
      payment: postgresUrl(payment, password),
      inventory: postgresUrl(inventory, password),
      coordinator: postgresUrl(coordinator, password),
    },
    brokers: [`127.0.0.1:${kafka}`],
    jaeger: {
      uiUrl: `http://127.0.0.1:${jaeger}`,
      otlpUrl: `http://127.0.0.1:${otlp}`,
      thriftUrl: `http://127.0.0.1:${thrift}`,
    },
  };
}
