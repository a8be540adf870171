import { readConfig } from '@indoubt/http';
import { expect, test } from 'vitest';
import { setUpConfig } from './set-up-config.ts';

test('SET_UP is the owner of a database, or "topics"', () => {
  const DATABASE_URL = 'postgres://lab:lab@postgres-order:5432/orders';
  expect(readConfig(setUpConfig, { SET_UP: 'order', DATABASE_URL })).toMatchObject({
    SET_UP: 'order',
  });
  const topics = { SET_UP: 'topics', KAFKA_BROKERS: 'kafka:19092', TOPIC_PREFIX: 'in-doubt.' };
  expect(readConfig(setUpConfig, topics)).toMatchObject({ KAFKA_BROKERS: ['kafka:19092'] });
});

test.each([
  [{}, /SET_UP: is not set/],
  [{ SET_UP: 'orders' }, /SET_UP: is "orders"/],
  [{ SET_UP: 'order' }, /DATABASE_URL: is not set; expected a postgres:\/\/ URL/],
  [
    { SET_UP: 'order', DATABASE_URL: 'postgres://a/' },
    /DATABASE_URL: .* one that names a database/,
  ],
  [{ SET_UP: 'order', DATABASE_URL: 'postgres://a/x"y' }, /one that names a database/],
  [{ SET_UP: 'topics', KAFKA_BROKERS: 'kafka:19092' }, /TOPIC_PREFIX: is not set/],
])('the environment %j is refused with a text that says what is expected', (env, says) => {
  expect(() => readConfig(setUpConfig, env)).toThrow(says);
});
