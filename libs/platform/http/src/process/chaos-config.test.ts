import { expect, test } from 'vitest';
import { processConfig, readConfig } from './config.ts';

const env = { PORT: '0', DATABASE_URL: 'postgres://u@h/d' };

test('toggles become rules in the setting CHAOS', () => {
  const config = readConfig(processConfig, { ...env, CHAOS_PAYMENT_DECLINE: '0.5' });
  expect(config.CHAOS).toMatchObject([{ kind: 'decline', text: 'payment=decline(p=0.5)' }]);
});

test.each([
  [{ CHAOS: 'payment:nowhere=crash' }, '"nowhere" is not a window of payment'],
  [{ CHAOS_PAYMENT_DECLIN: 'true' }, "Did you mean 'CHAOS_PAYMENT_DECLINE'?"],
  [{ CHAOS_SEED: '-1' }, 'CHAOS_SEED: is "-1"'],
  [{ CHAOS_SEED: 'random' }, 'CHAOS_SEED: is "random"'],
  [{ CHAOS_CONTROL: 'yes' }, 'CHAOS_CONTROL: is "yes"; expected one of'],
  [{ CHAOS_LINKS: 'true' }, 'CHAOS_LINKS: is "true"; expected one of'],
])('a process does not start with the invalid setting %j', (chaos, says) => {
  expect(() => readConfig(processConfig, { ...env, ...chaos })).toThrow(
    expect.objectContaining({ code: 'invalid-config', message: expect.stringContaining(says) }),
  );
});
