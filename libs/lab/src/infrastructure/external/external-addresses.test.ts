import { Failure } from '@indoubt/failure';
import { expect, test } from 'vitest';
import { externalRequirements, isExternalWanted, parseExternal } from './external-addresses.ts';

const complete = {
  INDOUBT_ORDER_DATABASE_URL: 'postgres://lab:secret@db1:5432/postgres',
  INDOUBT_PAYMENT_DATABASE_URL: 'postgresql://lab:secret@db2:5432/postgres',
  INDOUBT_INVENTORY_DATABASE_URL: 'postgres://lab:secret@db3/postgres',
  INDOUBT_COORDINATOR_DATABASE_URL: 'postgres://lab:secret@db4/postgres',
  INDOUBT_KAFKA_BROKERS: 'k1:9092, k2:9092',
};

test('complete addresses are used unchanged', () => {
  expect(parseExternal(complete)).toEqual({
    databaseUrls: {
      order: complete.INDOUBT_ORDER_DATABASE_URL,
      payment: complete.INDOUBT_PAYMENT_DATABASE_URL,
      inventory: complete.INDOUBT_INVENTORY_DATABASE_URL,
      coordinator: complete.INDOUBT_COORDINATOR_DATABASE_URL,
    },
    brokers: ['k1:9092', 'k2:9092'],
    jaeger: null,
  });
});

test('Jaeger has two addresses, and a slash at the end is removed', () => {
  const env = { INDOUBT_JAEGER_URL: 'http://j:16686/', INDOUBT_OTLP_URL: 'http://j:4318' };
  const jaeger = { uiUrl: 'http://j:16686', otlpUrl: 'http://j:4318' };
  expect(parseExternal({ ...complete, ...env }).jaeger).toEqual(jaeger);
});

test.each([
  ['INDOUBT_ORDER_DATABASE_URL', undefined, 'is not set'],
  ['INDOUBT_ORDER_DATABASE_URL', 'db1', 'is not a URL'],
  ['INDOUBT_ORDER_DATABASE_URL', 'mysql://db1/x', 'begins with mysql://'],
  ['INDOUBT_ORDER_DATABASE_URL', 'postgres://db1', 'names no database'],
  ['INDOUBT_COORDINATOR_DATABASE_URL', undefined, 'is not set'],
  ['INDOUBT_KAFKA_BROKERS', 'k1', "contains 'k1', which is not host:port"],
  ['INDOUBT_KAFKA_BROKERS', 'k1:99999', 'which is not host:port'],
  ['INDOUBT_KAFKA_BROKERS', ',', 'names no broker'],
  ['INDOUBT_JAEGER_URL', 'j:16686', 'is not an http:// or https:// URL'],
  ['INDOUBT_JAEGER_URL', 'http://j:16686', 'INDOUBT_OTLP_URL is not'],
])('%s = %s is refused with a reason', (name, value, why) => {
  const read = (): unknown => parseExternal({ ...complete, [name]: value });
  expect(read).toThrow(Failure);
  expect(read).toThrow(name);
  expect(read).toThrow(why);
});

test('one variable is enough to choose external, and missing variables are listed', () => {
  expect(isExternalWanted({})).toBe(false);
  expect(isExternalWanted({ INDOUBT_KAFKA_BROKERS: '' })).toBe(false);
  expect(isExternalWanted({ INDOUBT_KAFKA_BROKERS: 'k1:9092' })).toBe(true);
  const found = externalRequirements({ INDOUBT_KAFKA_BROKERS: 'k1:9092' }).map((one) => one.found);
  expect(found).toEqual([null, null, null, null, 'k1:9092']);
});

test('a password is never shown', () => {
  expect(JSON.stringify(externalRequirements(complete))).not.toContain('secret');
});
