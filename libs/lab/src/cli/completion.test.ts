import { expect, test } from 'vitest';
import { createPaint } from '../text/paint.ts';
import type { Cli, Output } from './cli.ts';
import { completionScript } from './completion.ts';
import { createProgram } from './program.ts';

const output: Output = {
  write: () => undefined,
  isTerminal: false,
  columns: 100,
  isClosed: () => false,
  paint: createPaint(false),
};
const { signal } = new AbortController();
const cli: Cli = { root: '.', env: {}, signal, out: output, err: output };
const program = createProgram(cli, () => undefined);

test.each(['bash', 'zsh', 'fish'])(
  'the %s script completes every command and every option',
  (shell) => {
    const script = completionScript(program, shell);
    for (const command of program.commands) {
      expect(script).toMatch(new RegExp(`(^|[ "])${command.name()}\\b`, 'm'));
      for (const { long } of command.options)
        expect(script).toContain(long?.replace('--', '') ?? '');
    }
    expect(script).toContain('list --names');
  },
);

test('an unknown shell is refused, and the nearest known shell is suggested', () => {
  expect(() => completionScript(program, 'bsh')).toThrow(/Did you mean 'bash'\?/);
});

test('the help of each command has an example', () => {
  for (const command of program.commands) {
    let help = '';
    command.configureOutput({ writeOut: (text) => void (help += text) }).outputHelp();
    expect(help).toContain(`Example:\n  `);
  }
});
