import { expect, test } from 'vitest';
import { checkVariables } from './check-variables.ts';

test('a misspelt variable name is an error that suggests the correct name', () => {
  expect(() => checkVariables({ INDOUBT_KAFKA_BROKER: 'localhost:9092' })).toThrow(
    /INDOUBT_KAFKA_BROKER is set, but nothing reads it\. Did you mean 'INDOUBT_KAFKA_BROKERS'\?/,
  );
});

test.each(['INDOUBT_ORDER_DATABASE_URL', 'INDOUBT_INFRA', 'INDOUBT_KAFKA_PORT', 'PATH'])(
  'the variable %s is accepted',
  (name) => {
    expect(() => checkVariables({ [name]: 'x' })).not.toThrow();
  },
);
