import { expect, test } from 'vitest';
import { PROCESS_NAMES } from './process-name.ts';
import { assignPorts, PORTS_NEEDED, serviceEnvironment } from './service-environment.ts';

const ports = assignPorts(Array.from({ length: PORTS_NEEDED }, (_, index) => 20_000 + index));
const settings = {
  ports,
  databaseUrls: {
    order: 'postgres://o',
    payment: 'postgres://p',
    inventory: 'postgres://i',
  },
  brokers: ['127.0.0.1:9092'],
  topicPrefix: 'lab-1.',
  recordDir: '/run/record',
  compileCacheDir: '/cache',
  saga: { answerWithinMs: 100, askMax: 2 },
  sessionMs: 1_500,
};

test('no service is told of the database of another', () => {
  const urls = PROCESS_NAMES.map((name) => serviceEnvironment(name, settings, undefined));
  expect(urls.map((env) => env['DATABASE_URL'])).toEqual([
    'postgres://o',
    'postgres://p',
    'postgres://i',
    'postgres://o',
    'postgres://p',
    'postgres://i',
  ]);
});

test('a service wakes the relay of its own database', () => {
  const wakes = serviceEnvironment('payment', settings, undefined)['RELAY_WAKE'];
  const relay = serviceEnvironment('relay-payment', settings, undefined);
  expect(wakes).toBe(`127.0.0.1:${relay['WAKE_PORT']}`);
});

test('every process has a port of its own', () => {
  const used = PROCESS_NAMES.map((name) => serviceEnvironment(name, settings, undefined)['PORT']);
  expect(new Set(used).size).toBe(PROCESS_NAMES.length);
});

test('chaos is off unless a fault asks for it', () => {
  expect(serviceEnvironment('inventory', settings, undefined)).not.toHaveProperty('CHAOS');
  const failpoint = 'inventory:handled-not-acknowledged';
  const fault = { process: 'inventory', failpoint, hit: 2, restart: 'at-once' } as const;
  const { CHAOS } = serviceEnvironment('inventory', settings, fault);
  expect(CHAOS).toBe('inventory:handled-not-acknowledged=crash@2');
});
