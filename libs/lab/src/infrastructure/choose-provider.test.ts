import { expect, test } from 'vitest';
import { chooseProvider, firstComplete } from './choose-provider.ts';
import type { Provider, ProviderName } from './provider.ts';

function provider(name: ProviderName, missing: string[]): Provider {
  return {
    name,
    requirements: async () => [
      { what: 'something that is here', found: '1.0', howToGet: 'unneeded' },
      ...missing.map((what) => ({ what, found: null, howToGet: `install ${what}` })),
    ],
    start: () => Promise.reject(new Error('not in this test')),
  };
}

test('the first provider whose requirements are all met is chosen', async () => {
  const chosen = await firstComplete([provider('native', ['Java']), provider('docker', [])]);
  expect(chosen.name).toBe('docker');
});

test('when no provider is complete, the error lists what each lacks', async () => {
  const choosing = firstComplete([provider('native', ['Java']), provider('docker', ['a daemon'])]);
  await expect(choosing).rejects.toMatchObject({
    code: 'infrastructure-unavailable',
    message: expect.stringMatching(/native[^]*Java[^]*install Java[^]*docker[^]*a daemon/),
  });
  await expect(choosing).rejects.not.toThrow('something that is here');
});

test('with one external variable, auto chooses external and names what is missing', async () => {
  const env = { INDOUBT_KAFKA_BROKERS: 'k1:9092' };
  const choosing = chooseProvider({ wanted: 'auto', env, root: '.' });
  await expect(choosing).rejects.toThrow('INDOUBT_ORDER_DATABASE_URL');
  await expect(choosing).rejects.not.toThrow('native cannot start');
});
