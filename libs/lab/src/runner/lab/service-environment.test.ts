import { expect, test } from 'vitest';
import { PROCESS_NAMES } from './process-name.ts';
import {
  assignPorts,
  copyEnvironment,
  PORTS_NEEDED,
  processesOfLab,
  type ServiceSettings,
  serviceEnvironment,
} from './service-environment.ts';

const ports = assignPorts(Array.from({ length: PORTS_NEEDED }, (_, index) => 20_000 + index));
const settings: ServiceSettings = {
  lab: 'lab-1',
  ports,
  databaseUrls: {
    order: 'postgres://o',
    payment: 'postgres://p',
    inventory: 'postgres://i',
    coordinator: 'postgres://c',
  },
  brokers: ['127.0.0.1:9092'],
  recordDir: '/run/record',
  compileCacheDir: '/cache',
  secret: 'b2b7',
  coordination: 'saga',
  saga: { answerWithinMs: 100, attemptsMax: 2 },
  twoPhase: {},
  cards: {},
  keys: {},
  limits: {},
  journal: '/run/card-processor.jsonl',
  sessionMs: 1_500,
  chaos: { seed: 7, control: false, links: false },
};

test('each process gets only the URL of its own database', () => {
  const urls = PROCESS_NAMES.map((name) => serviceEnvironment(name, settings));
  expect(urls.map((env) => env['DATABASE_URL'])).toEqual([
    'postgres://o',
    'postgres://p',
    'postgres://i',
    'postgres://c',
    'postgres://o',
    'postgres://p',
    'postgres://i',
    undefined,
  ]);
});

test('the card processor gets no database and no Kafka, only its journal', () => {
  const env = serviceEnvironment('card-processor', settings);
  expect(Object.keys(env).filter((name) => /KAFKA|TOPIC|WAKE|URL|LAB/.test(name))).toEqual([]);
  expect(env).toMatchObject({ JOURNAL: '/run/card-processor.jsonl', SERVICE_SECRET: 'b2b7' });
});

test('payment gets the URL of the card processor, if the lab has one', () => {
  const { http } = ports['card-processor'];
  const outage = serviceEnvironment('payment', { ...settings, cards: { outage: 'refuse' } });
  const url = { CARD_PROCESSOR_URL: `http://127.0.0.1:${http}` };
  expect(outage).toMatchObject({ ...url, CARD_OUTAGE: 'refuse' });
  expect(outage).not.toHaveProperty('CARD_ANSWER_WITHIN_MS');
  const none = { ...settings, cards: null };
  expect(serviceEnvironment('payment', none)).not.toHaveProperty('CARD_PROCESSOR_URL');
  expect(processesOfLab(none)).toEqual(PROCESS_NAMES.filter((name) => name !== 'card-processor'));
  expect(processesOfLab(settings)).toEqual(PROCESS_NAMES);
});

test('the lease of an idempotency key is short unless a scenario sets it', () => {
  expect(serviceEnvironment('order', settings)).toMatchObject({ IDEMPOTENCY_LEASE_MS: '3000' });
  const env = serviceEnvironment('order', { ...settings, keys: { leaseMs: 50, retainMs: 900 } });
  expect(env).toMatchObject({ IDEMPOTENCY_LEASE_MS: '50', IDEMPOTENCY_RETAIN_MS: '900' });
});

test('only the order service gets the load limits of a scenario', () => {
  const limits = { ratePerSecond: 0, inFlightMax: 7 };
  const variables = { RATE_LIMIT_PER_SECOND: '0', IN_FLIGHT_MAX: '7' };
  expect(serviceEnvironment('order', { ...settings, limits })).toMatchObject(variables);
  expect(serviceEnvironment('payment', { ...settings, limits })).not.toMatchObject(variables);
  expect(serviceEnvironment('order', settings)).not.toHaveProperty('IN_FLIGHT_MAX');
});

test('a service wakes the relay of its own database', () => {
  const wakes = serviceEnvironment('payment', settings)['RELAY_WAKE'];
  const relay = serviceEnvironment('relay-payment', settings);
  expect(wakes).toBe(`127.0.0.1:${relay['WAKE_PORT']}`);
});

test('every process has its own port', () => {
  const used = PROCESS_NAMES.map((name) => serviceEnvironment(name, settings)['PORT']);
  expect(new Set(used).size).toBe(PROCESS_NAMES.length);
});

test('the coordinator gets the URLs of its participants and no Kafka', () => {
  const env = serviceEnvironment('coordinator', settings);
  const { inventory, payment, order } = ports;
  const urls = [inventory, payment, order].map(({ http }) => `http://127.0.0.1:${http}`);
  expect(env).toMatchObject({
    LAB: 'lab-1',
    SERVICE_SECRET: 'b2b7',
    PARTICIPANTS: `inventory=${urls[0]},payment=${urls[1]},order=${urls[2]}`,
    PREPARE_WITHIN_MS: '2000',
  });
  const kafka = Object.keys(env).filter((name) => /KAFKA|TOPIC|WAKE/.test(name));
  expect(kafka).toEqual([]);
});

test.each(['order', 'payment', 'inventory'] as const)(
  '%s gets the URLs of the coordinator and of its standby',
  (name) => {
    const env = serviceEnvironment(name, settings);
    const [main, standby] = env['COORDINATOR_URLS']?.split(',') ?? [];
    const coordinator = serviceEnvironment('coordinator', settings);
    expect(main).toBe(`http://127.0.0.1:${coordinator['PORT']}`);
    const copy = copyEnvironment('coordinator', settings, 1);
    expect(standby).toBe(`http://127.0.0.1:${copy['PORT']}`);
    expect(env).toMatchObject({ LAB: 'lab-1', SERVICE_SECRET: 'b2b7', TOPIC_PREFIX: 'lab-1.' });
  },
);

test('a relay gets no settings of global transactions', () => {
  const env = serviceEnvironment('relay-order', settings);
  expect(env).not.toHaveProperty('COORDINATOR_URLS');
  expect(env).not.toHaveProperty('SERVICE_SECRET');
});

test('a copy listens on any free port and writes its own record file', () => {
  const env = copyEnvironment('relay-order', settings, 2);
  const file = '/run/record/relay-order-copy-2.jsonl';
  expect(env).toMatchObject({ PORT: '0', WAKE_PORT: '0', RECORD_FILE: file });
  expect(copyEnvironment('order', settings, 1)).not.toHaveProperty('WAKE_PORT');
});

test('only settings of transactions that a scenario sets are in the environment', () => {
  const plain = serviceEnvironment('order', settings);
  expect(plain).toMatchObject({ COORDINATION: 'saga' });
  expect(Object.keys(plain).filter((name) => name.startsWith('TRANSACTION_'))).toEqual([]);
  const twoPhase = { presume: 'nothing', lastResource: true, prepareWithinMs: 300 } as const;
  const set: ServiceSettings = { ...settings, coordination: '2pc', twoPhase };
  const env = serviceEnvironment('order', set);
  expect(env).toMatchObject({
    COORDINATION: '2pc',
    TRANSACTION_PRESUME: 'nothing',
    TRANSACTION_LAST_RESOURCE: 'true',
  });
  expect(env).not.toHaveProperty('TRANSACTION_BRANCHES');
  const coordinator = serviceEnvironment('coordinator', set);
  expect(coordinator['PREPARE_WITHIN_MS']).toBe('300');
});

test('without faults no chaos variable is set', () => {
  for (const name of ['CHAOS', 'CHAOS_SEED', 'CHAOS_CONTROL', 'CHAOS_LINKS']) {
    expect(serviceEnvironment('inventory', settings)).not.toHaveProperty(name);
  }
});

test('a process gets its faults and their seed', () => {
  const rules = 'inventory:handled-not-acknowledged=crash@2';
  expect(serviceEnvironment('inventory', settings, rules)).toMatchObject({
    CHAOS: rules,
    CHAOS_SEED: '7',
  });
});

test('control endpoints and links are turned on when the lab sets them', () => {
  const chaos = { seed: 7, control: true, links: true };
  expect(serviceEnvironment('relay-order', { ...settings, chaos })).toMatchObject({
    CHAOS_CONTROL: 'on',
    CHAOS_LINKS: 'on',
    SERVICE_SECRET: 'b2b7',
  });
});

test('the processes export spans themselves only if the lab sets an exporter', () => {
  const uiUrl = 'http://127.0.0.1:16686';
  const jaeger = { uiUrl, otlpUrl: 'http://127.0.0.1:4318', thriftUrl: 'http://127.0.0.1:14268' };
  const traces = { exporter: 'otlp', jaeger } as const;
  expect(serviceEnvironment('order', { ...settings, traces })).toMatchObject({
    TRACES: 'otlp',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
    OTEL_EXPORTER_JAEGER_ENDPOINT: 'http://127.0.0.1:14268/api/traces',
  });
  expect(serviceEnvironment('order', settings)).not.toHaveProperty('TRACES');
});
