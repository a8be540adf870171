import type { Command } from 'commander';
import type { Cli } from './cli.ts';
import { example } from './example.ts';
import { wholeUpTo } from './option-values.ts';
import type { Finish } from './program.ts';

/** Commands that look at runs that are over. */
export function addLooking(program: Command, cli: Cli, finish: Finish): void {
  addRuns(program, cli, finish);
}

function addRuns(program: Command, cli: Cli, finish: Finish): void {
  example(program.command('runs'), 'scenario runs')
    .description('the runs that there are: their verdicts, and the names that other commands take')
    .option('--all', 'every one, not only the latest')
    .option('--prune <count>', 'first remove all folders but the latest <count>', wholeUpTo(10_000))
    .option('--json', 'one JSON document on stdout')
    .action(async (options) => {
      const { runsCommand } = await import('./runs-command.ts');
      finish(await runsCommand(cli, options));
    });
}
