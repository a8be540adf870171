import { readConfig } from '@indoubt/http';
import { expect, test } from 'vitest';
import { coordinatorConfig } from './coordinator-config.ts';

const env = {
  PORT: '0',
  DATABASE_URL: 'postgres://localhost/coordinator',
  SERVICE_SECRET: 'sixteen-or-longer',
  PARTICIPANTS: 'inventory=http://127.0.0.1:4001, payment=http://127.0.0.1:4002',
};

test('PARTICIPANTS is read as names with addresses', () => {
  expect([...readConfig(coordinatorConfig, env).PARTICIPANTS]).toEqual([
    ['inventory', 'http://127.0.0.1:4001'],
    ['payment', 'http://127.0.0.1:4002'],
  ]);
});

test.each(['inventory', 'inventory=4001', 'inventory=http://a:1/path', '=http://a:1', ''])(
  'PARTICIPANTS=%s is refused with a text that says what is expected',
  (PARTICIPANTS) => {
    expect(() => readConfig(coordinatorConfig, { ...env, PARTICIPANTS })).toThrow(
      /PARTICIPANTS: .*expected name=http:\/\/host:port/,
    );
  },
);

test('a secret that is too short is refused, and the error does not show it', () => {
  expect(() => readConfig(coordinatorConfig, { ...env, SERVICE_SECRET: 'short' })).toThrow(
    /SERVICE_SECRET: is set \(value not shown\)/,
  );
});
