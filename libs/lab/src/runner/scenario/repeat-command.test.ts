import { parseChaos } from '@indoubt/chaos';
import { expect, test } from 'vitest';
import { flagsOf, repeatCommand } from './repeat-command.ts';

const both = { name: 'saga-happy-path', coordinations: ['saga', '2pc'] } as const;
const options = { seed: 7, how: {}, infra: 'auto' } as const;

test('without options the repeat command has only the seed', () => {
  expect(repeatCommand(both, options)).toBe('./scenario run saga-happy-path --seed 7');
});

test("a repeat command names the coordination only when it is not the scenario's default", () => {
  const by = (coordination: 'saga' | '2pc') => ({ ...options, how: { coordination } });
  expect(repeatCommand(both, by('saga'))).not.toContain('--coordination');
  expect(repeatCommand(both, by('2pc'))).toContain(' --coordination 2pc');
});

test("the user's additional faults are quoted in front of the repeat command", () => {
  const chaos = parseChaos('payment=decline@1; order->kafka=cut');
  expect(repeatCommand(both, { ...options, chaos })).toBe(
    "CHAOS='payment=decline@1; order->kafka=cut' ./scenario run saga-happy-path --seed 7",
  );
});

test('a repeat command names the provider only when it is not the default', () => {
  expect(repeatCommand(both, { ...options, infra: 'native' })).not.toContain('--infra');
  expect(repeatCommand(both, { ...options, infra: 'docker' })).toContain(' --infra docker');
});

test('a repeat command has the options that were given, and no others', () => {
  expect(flagsOf({})).toBe('');
  expect(flagsOf({ presume: 'nothing' })).toBe(' --presume nothing');
  const all = { coordination: '2pc', presume: 'abort', branches: 'sequential' } as const;
  expect(flagsOf({ ...all, lastResource: true })).toBe(
    ' --coordination 2pc --presume abort --branches sequential --last-resource',
  );
});
