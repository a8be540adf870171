import type { Command } from 'commander';
import { RATE_MAX, STORM_COORDINATIONS, STORM_MS_MAX } from '../runner/storm/storm-schedule.ts';
import type { Cli, Finish } from './cli.ts';
import { example } from './example.ts';
import { infraOption } from './infra-option.ts';
import { durationUpTo, numberUpTo, oneOf, seed } from './option-values.ts';

/** The commands about faults. */
export function addFaults(program: Command, cli: Cli, finish: Finish): void {
  example(program.command('failpoints'), 'scenario failpoints')
    .description('every crash point: what has happened there, and what has not')
    .option('--json', 'one JSON document on stdout')
    .action(async (options) => {
      const { failpointsCommand } = await import('./commands/failpoints-command.ts');
      finish(failpointsCommand(cli, options));
    });
  addChaos(program, cli, finish);
  addStorm(program, cli, finish);
}

function addChaos(program: Command, cli: Cli, finish: Finish): void {
  const chaos = example(program.command('chaos'), 'scenario chaos list').description(
    "faults of the lab that is up ('scenario up --chaos'): arm, list, clear",
  );
  const json = ['--json', 'one JSON document on stdout'] as const;
  example(chaos.command('set'), 'scenario chaos set "payment:*=delay(200ms); payment->kafka=cut"')
    .description('arm faults beside those that are armed; docs/chaos.md has the grammar')
    .argument('<rules>', 'such as payment:acted-not-committed=crash@1')
    .option(...json)
    .action(async (rules, options) => {
      const { chaosSetCommand } = await import('./commands/chaos-command.ts');
      finish(await chaosSetCommand(cli, rules, options));
    });
  example(chaos.command('clear'), 'scenario chaos clear')
    .description('disarm everything; what is paused goes on')
    .option(...json)
    .action(async (options) => {
      const { chaosClearCommand } = await import('./commands/chaos-command.ts');
      finish(await chaosClearCommand(cli, options));
    });
  example(chaos.command('list'), 'scenario chaos list')
    .description('what is armed, and how often it was met and struck')
    .option(...json)
    .action(async (options) => {
      const { chaosListCommand } = await import('./commands/chaos-command.ts');
      finish(await chaosListCommand(cli, options));
    });
  example(chaos.command('release'), 'scenario chaos release payment:acted-not-committed')
    .description('let go on what is paused')
    .argument('[name]', 'crash point; all of them unless given')
    .option(...json)
    .action(async (name, options) => {
      const { chaosReleaseCommand } = await import('./commands/chaos-command.ts');
      finish(await chaosReleaseCommand(cli, name, options));
    });
}

function addStorm(program: Command, cli: Cli, finish: Finish): void {
  example(
    program.command('storm'),
    'scenario storm --seed 7 --duration 60s --rate 15',
    'scenario storm --replay .lab/runs/<run>/schedule.json --shrink',
    'CHAOS_VARIANT=no-inbox scenario storm --duration 20s',
  )
    .description('orders under random faults of all kinds; then heal, wait for quiet, check all')
    .option('--seed <number>', 'the same orders and faults again (default: random)', seed)
    .option('--duration <time>', 'how long (default: 60s)', durationUpTo(STORM_MS_MAX))
    .option('--rate <number>', 'orders a second (default: 15)', numberUpTo(RATE_MAX))
    .option(
      '--coordination <protocol>',
      'saga, 2pc or all (default: all, in turns)',
      oneOf(STORM_COORDINATIONS, 'all'),
    )
    .option('--replay <file>', "an earlier storm's schedule.json: the same again")
    .option('--shrink', 'when it breaks: look for a smaller schedule that still does')
    .addOption(infraOption())
    .option('--json', 'one JSON document on stdout, everything else on stderr')
    .action(async (options) => {
      const { stormCommand } = await import('./commands/storm-command.ts');
      finish(await stormCommand(cli, options));
    });
}
