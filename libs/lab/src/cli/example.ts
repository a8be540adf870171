import type { Command } from 'commander';

/** Adds examples to the help of a command. */
export function example(command: Command, ...lines: string[]): Command {
  return command.addHelpText(
    'after',
    ['', 'Example:', ...lines.map((line) => `  ${line}`)].join('\n'),
  );
}
