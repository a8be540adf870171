import { parseChaos } from '@indoubt/chaos';
import { expect, test } from 'vitest';
import { flagsOf, repeatCommand } from './repeat-command.ts';

const both = { name: 'saga-happy-path', coordinations: ['saga', '2pc'] } as const;
const said = { seed: 7, how: {}, infra: 'auto' } as const;

test('nothing was said: the seed alone is needed', () => {
  expect(repeatCommand(both, said)).toBe('./scenario run saga-happy-path --seed 7');
});

test("a repeat command names the coordination only when it is not the scenario's default", () => {
  const by = (coordination: 'saga' | '2pc') => ({ ...said, how: { coordination } });
  expect(repeatCommand(both, by('saga'))).not.toContain('--coordination');
  expect(repeatCommand(both, by('2pc'))).toContain(' --coordination 2pc');
});

test('faults of whoever ran it are in front, as one word of the shell', () => {
  const chaos = parseChaos('payment=decline@1; order->kafka=cut');
  expect(repeatCommand(both, { ...said, chaos })).toBe(
    "CHAOS='payment=decline@1; order->kafka=cut' ./scenario run saga-happy-path --seed 7",
  );
});

test('other servers than its own are said', () => {
  expect(repeatCommand(both, { ...said, infra: 'native' })).not.toContain('--infra');
  expect(repeatCommand(both, { ...said, infra: 'docker' })).toContain(' --infra docker');
});

test('a repeat command has the options that were given, and no others', () => {
  expect(flagsOf({})).toBe('');
  expect(flagsOf({ presume: 'nothing' })).toBe(' --presume nothing');
  const all = { coordination: '2pc', presume: 'abort', branches: 'sequential' } as const;
  expect(flagsOf({ ...all, lastResource: true })).toBe(
    ' --coordination 2pc --presume abort --branches sequential --last-resource',
  );
});
