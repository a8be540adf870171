import { expect, test } from 'vitest';
import { checkVariables } from './check-variables.ts';

test('a slip in the name of a variable is an error that suggests the right one', () => {
  expect(() => checkVariables({ INDOUBT_KAFKA_BROKER: 'localhost:9092' })).toThrow(
    /INDOUBT_KAFKA_BROKER is set, and nothing reads it\. Did you mean 'INDOUBT_KAFKA_BROKERS'\?/,
  );
});

test.each(['INDOUBT_ORDER_DATABASE_URL', 'INDOUBT_INFRA', 'INDOUBT_KAFKA_PORT', 'PATH'])(
  '%s is no slip',
  (name) => {
    expect(() => checkVariables({ [name]: 'x' })).not.toThrow();
  },
);
