import { expect, test } from 'vitest';
import { z } from 'zod';
import { durationMs, hostPorts, port, readConfig, serviceConfig } from './config.ts';

const env = { PORT: '0', DATABASE_URL: 'postgres://u@h/d', KAFKA_BROKERS: 'a:9092, b:9093' };

test('a variable that is not set or empty has its default', () => {
  expect(
    readConfig(serviceConfig, { ...env, TOPIC_PREFIX: '', CHAOS: '', RECORD_FILE: '' }),
  ).toEqual({
    PORT: 0,
    HOST: '127.0.0.1',
    DATABASE_URL: env.DATABASE_URL,
    KAFKA_BROKERS: ['a:9092', 'b:9093'],
    TRACES: 'none',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318',
    OTEL_EXPORTER_JAEGER_ENDPOINT: 'http://127.0.0.1:14268/api/traces',
    TOPIC_PREFIX: '',
    LOG_LEVEL: 'info',
    RATE_LIMIT_PER_SECOND: 1_000,
    IN_FLIGHT_MAX: 1_000,
    POOL_WAITING_MAX: 200,
    CHAOS: [],
    CHAOS_SEED: 1,
    CHAOS_CONTROL: 'off',
    CHAOS_LINKS: 'off',
    KAFKA_SESSION_TIMEOUT_MS: 10_000,
  });
});

test('the error names every wrong variable with its value and the expected form', () => {
  const wrong = { ...env, PORT: 'http', KAFKA_BROKERS: undefined, LOG_LEVEL: 'loud' };
  const says = [
    'PORT: is "http"; expected a port, 0 \\(any free port\\) to 65535',
    'LOG_LEVEL: is "loud"; expected one of',
    'KAFKA_BROKERS: is not set; expected host:port',
  ];
  expect(() => readConfig(serviceConfig, wrong)).toThrow(
    expect.objectContaining({
      code: 'invalid-config',
      message: expect.stringMatching(new RegExp(says.join('.*\\n  '))),
    }),
  );
});

test.each(['DATABASE_URL', 'API_SECRET', 'DB_PASSWORD'])(
  'the error does not show the value of %s',
  (name) => {
    const schema = z.object({ [name]: z.literal('other') });
    expect(() => readConfig(schema, { [name]: 'letmein' })).toThrow(/is set \(value not shown\)/);
    expect(() => readConfig(schema, { [name]: 'letmein' })).not.toThrow(/letmein/);
  },
);

test.each([
  [port, '65536'],
  [port, '-1'],
  [port, '1e3'],
  [hostPorts, 'kafka'],
  [hostPorts, 'kafka:0'],
  [hostPorts, ','],
  [durationMs, '2s'],
  [serviceConfig.shape.DATABASE_URL, 'mysql://h/d'],
])('invalid value %#, "%s", is refused', (schema, text) => {
  expect(schema.safeParse(text).success).toBe(false);
});
