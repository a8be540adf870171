import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  type ComposeProject,
  composeAddresses,
  composeEnvironment,
  downArguments,
  PORT_VARIABLES,
  SERVERS,
  upArguments,
} from './docker-compose.ts';

const project: ComposeProject = {
  root: 'checkout',
  name: 'indoubt-1a2b',
  ports: [20_001, 20_002, 20_003, 20_004, 20_005, 20_006, 20_007, 20_008],
  password: 'secret',
};
const composeFile = readFileSync(
  join(import.meta.dirname, '..', '..', '..', '..', '..', 'docker-compose.yml'),
  'utf8',
);

test('the up command has the project name, waits for healthy servers and starts no service', () => {
  expect(upArguments(project, 60).join(' ')).toBe(
    `compose -p indoubt-1a2b -f ${join('checkout', 'docker-compose.yml')} ` +
      'up --detach --wait --wait-timeout 60 ' +
      'postgres-order postgres-payment postgres-inventory postgres-coordinator kafka jaeger',
  );
});

test('the down command removes the volumes', () => {
  expect(downArguments(project)).toContain('--volumes');
  expect(downArguments(project).slice(1, 3)).toEqual(['-p', 'indoubt-1a2b']);
});

test('the addresses have the ports that the environment gives to compose', () => {
  const environment = composeEnvironment(project);
  const { databaseUrls, brokers, jaeger } = composeAddresses(project);
  const portOf = (url: string): string => new URL(url).port;
  expect(portOf(databaseUrls.order)).toBe(environment['INDOUBT_ORDER_DATABASE_PORT']);
  expect(portOf(databaseUrls.payment)).toBe(environment['INDOUBT_PAYMENT_DATABASE_PORT']);
  expect(portOf(databaseUrls.inventory)).toBe(environment['INDOUBT_INVENTORY_DATABASE_PORT']);
  expect(portOf(databaseUrls.coordinator)).toBe(environment['INDOUBT_COORDINATOR_DATABASE_PORT']);
  expect(brokers).toEqual([`127.0.0.1:${environment['INDOUBT_KAFKA_PORT']}`]);
  expect(portOf(jaeger?.uiUrl ?? '')).toBe(environment['INDOUBT_JAEGER_PORT']);
  expect(portOf(jaeger?.otlpUrl ?? '')).toBe(environment['INDOUBT_OTLP_PORT']);
  expect(portOf(jaeger?.thriftUrl ?? '')).toBe(environment['INDOUBT_THRIFT_PORT']);
});

test.each([...PORT_VARIABLES, 'INDOUBT_DATABASE_PASSWORD'])('the compose file reads %s', (name) => {
  expect(composeFile).toContain(`\${${name}:-`);
});

test.each(SERVERS)('the compose file has %s', (server) => {
  expect(composeFile).toMatch(new RegExp(`^  ${server}:$`, 'm'));
});
