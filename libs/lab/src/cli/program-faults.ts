import type { Command } from 'commander';
import { RATE_MAX, STORM_COORDINATIONS, STORM_MS_MAX } from '../runner/storm/storm-schedule.ts';
import type { Cli, Finish } from './cli.ts';
import { example } from './example.ts';
import { infraOption } from './infra-option.ts';
import { durationUpTo, numberUpTo, oneOf, seed } from './option-values.ts';

/** The commands about faults. */
export function addFaults(program: Command, cli: Cli, finish: Finish): void {
  example(program.command('failpoints'), 'scenario failpoints')
    .description('list every crash point: what has happened there, and what has not')
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
    "arm, list and disarm faults in the running lab ('scenario up --chaos')",
  );
  const json = ['--json', 'one JSON document on stdout'] as const;
  example(chaos.command('set'), 'scenario chaos set "payment:*=delay(200ms); payment->kafka=cut"')
    .description('arm more faults; docs/chaos.md describes the grammar')
    .argument('<rules>', 'such as payment:acted-not-committed=crash@1')
    .option(...json)
    .action(async (rules, options) => {
      const { chaosSetCommand } = await import('./commands/chaos-command.ts');
      finish(await chaosSetCommand(cli, rules, options));
    });
  example(chaos.command('clear'), 'scenario chaos clear')
    .description('disarm all faults and resume paused processes')
    .option(...json)
    .action(async (options) => {
      const { chaosClearCommand } = await import('./commands/chaos-command.ts');
      finish(await chaosClearCommand(cli, options));
    });
  example(chaos.command('list'), 'scenario chaos list')
    .description('list the armed faults, how often each was reached and how often it took effect')
    .option(...json)
    .action(async (options) => {
      const { chaosListCommand } = await import('./commands/chaos-command.ts');
      finish(await chaosListCommand(cli, options));
    });
  example(chaos.command('release'), 'scenario chaos release payment:acted-not-committed')
    .description('resume processes that are paused at a crash point')
    .argument('[name]', 'crash point (default: all)')
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
    .description(
      'place orders under random faults, repair the lab, wait until it is idle, check everything',
    )
    .option(
      '--seed <number>',
      'seed of the orders and faults; the same seed repeats them (default: random)',
      seed,
    )
    .option(
      '--duration <time>',
      'duration of the faults (default: 60s)',
      durationUpTo(STORM_MS_MAX),
    )
    .option('--rate <number>', 'orders per second (default: 15)', numberUpTo(RATE_MAX))
    .option(
      '--coordination <protocol>',
      'saga, 2pc or all (default: all, alternating)',
      oneOf(STORM_COORDINATIONS, 'all'),
    )
    .option('--replay <file>', 'repeat an earlier storm from its schedule.json')
    .option('--shrink', 'after a broken storm, search for a smaller schedule that also breaks')
    .addOption(infraOption())
    .option('--json', 'one JSON document on stdout, everything else on stderr')
    .action(async (options) => {
      const { stormCommand } = await import('./commands/storm-command.ts');
      finish(await stormCommand(cli, options));
    });
}
