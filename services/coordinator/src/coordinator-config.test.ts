import { readConfig } from '@indoubt/http';
import { expect, test } from 'vitest';
import { coordinatorConfig } from './coordinator-config.ts';

const env = {
  PORT: '0',
  DATABASE_URL: 'postgres://localhost/coordinator',
  SERVICE_SECRET: 'sixteen-or-longer',
  PARTICIPANTS: 'inventory=http://127.0.0.1:4001, payment=http://127.0.0.1:4002',
};

test('participants are names and addresses', () => {
  expect([...readConfig(coordinatorConfig, env).PARTICIPANTS]).toEqual([
    ['inventory', 'http://127.0.0.1:4001'],
    ['payment', 'http://127.0.0.1:4002'],
  ]);
});

test.each(['inventory', 'inventory=4001', 'inventory=http://a:1/path', '=http://a:1', ''])(
  'refused, with what is expected: PARTICIPANTS=%s',
  (PARTICIPANTS) => {
    expect(() => readConfig(coordinatorConfig, { ...env, PARTICIPANTS })).toThrow(
      /PARTICIPANTS: .*expected name=http:\/\/host:port/,
    );
  },
);

test('a secret too short to be one is refused, and not told', () => {
  expect(() => readConfig(coordinatorConfig, { ...env, SERVICE_SECRET: 'short' })).toThrow(
    /SERVICE_SECRET: is set \(value not shown\)/,
  );
});
