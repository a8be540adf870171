import type { Coordination } from '@indoubt/contracts';
import { Command, Option } from 'commander';
import type { Environment } from '../infrastructure/provider.ts';
import type { Cli, Finish } from './cli.ts';
import { example } from './example.ts';
import { infraOption } from './infra-option.ts';
import { oneOf, seed } from './option-values.ts';
import { placeOptionsOf } from './plan-runs.ts';
import { addFaults } from './program-faults.ts';
import { addMatrix } from './program-matrix.ts';
import { addPastRuns } from './program-past-runs.ts';

const COORDINATIONS = ['saga', '2pc'] as const satisfies Coordination[];
const PRESUMES = ['abort', 'nothing'] as const;
const BRANCHES = ['parallel', 'sequential'] as const;

const EPILOGUE = `
Start with:  scenario run saga-compensation
Exit codes:  0 the verdict holds, 1 broken, 2 unknown or could not run, 130 interrupted`;

/**
 * The commands and their options. A command's module is loaded when the command runs, so that help
 * and `list` start quickly.
 * @param finish  gets the exit code of the command that ran
 */
export function createProgram(cli: Cli, finish: Finish): Command {
  const program = new Command('scenario');
  program
    .description('Learn distributed transactions by running them, breaking them, and reading why.')
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => cli.out.write(text),
      writeErr: (text) => cli.err.write(text),
      getOutHelpWidth: () => cli.out.columns,
      getErrHelpWidth: () => cli.err.columns,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText('after', EPILOGUE);
  addReading(program, cli, finish);
  addRun(program, cli, finish);
  addPastRuns(program, cli, finish);
  addBackground(program, cli, finish);
  addInDoubt(program, cli, finish);
  addFaults(program, cli, finish);
  addMatrix(program, cli, finish, infraOption());
  addTools(program, cli, finish);
  return program;
}

function addReading(program: Command, cli: Cli, finish: Finish): void {
  example(program.command('list'), 'scenario list')
    .description('list every scenario: its fault, and what it teaches')
    .option('--json', 'one JSON document on stdout')
    .option('--names', 'only the names, one per line')
    .action(async (options) => {
      const { listCommand } = await import('./commands/list-command.ts');
      finish(await listCommand(cli, options));
    });
  example(program.command('describe'), 'scenario describe saga-compensation')
    .description('explain a scenario: its story, faults, invariants and design decisions')
    .argument('<name>', 'scenario')
    .option('--json', 'one JSON document on stdout')
    .action(async (name, options) => {
      const { describeCommand } = await import('./commands/describe-command.ts');
      finish(await describeCommand(cli, name, options));
    });
}

function addRun(program: Command, cli: Cli, finish: Finish): void {
  example(
    program.command('run'),
    'scenario run saga-compensation --seed 7',
    'scenario run saga-happy-path --coordination 2pc',
    'scenario run --all --json > verdict.json',
  )
    .description('run scenarios on real servers and check the invariants')
    .argument('[name...]', 'scenarios')
    .option('--all', 'every scenario that is meant to hold')
    .addOption(coordinationOption(cli.env, "default: the scenario's first coordination"))
    .addOption(
      new Option(
        '--presume <decision>',
        '2pc: presumed abort (abort), or no presumption (nothing)',
      ).argParser(oneOf(PRESUMES, '')),
    )
    .addOption(
      new Option(
        '--branches <order>',
        '2pc: prepare the branches parallel or sequential',
      ).argParser(oneOf(BRANCHES, '')),
    )
    .option(
      '--last-resource',
      '2pc: the last branch commits in one phase, and its result is the decision',
    )
    .addOption(infraOption())
    .option(
      '--seed <number>',
      'seed of the random choices; the same seed repeats them (default: random)',
      seed,
    )
    .option('--keep', "leave the lab running afterwards, until 'scenario down'")
    .option('--jaeger', "start Jaeger first if none is running; it runs until 'scenario down'")
    .option('--json', 'one JSON document on stdout, everything else on stderr')
    .option('--verbose', 'print every event')
    .action(async (names, options) => {
      const { runCommand } = await import('./commands/run-command.ts');
      finish(await runCommand(cli, names, { ...options, how: placeOptionsOf(options) }));
    });
}

function addBackground(program: Command, cli: Cli, finish: Finish): void {
  example(program.command('up'), 'scenario up --json')
    .description('start a lab in the background; later runs use its servers')
    .addOption(coordinationOption(cli.env, 'default: saga'))
    .addOption(infraOption())
    .option('--chaos', "start links and control endpoints, so that 'scenario chaos' can arm faults")
    .option('--jaeger', 'start Jaeger too if none is running')
    .option('--json', 'one JSON document on stdout, with every address and the secret')
    .action(async (options) => {
      const { upCommand } = await import('./commands/up-command.ts');
      const { infra, json, chaos, jaeger } = options;
      finish(await upCommand(cli, { infra, json, chaos, jaeger, ...placeOptionsOf(options) }));
    });
  example(program.command('down'), 'scenario down')
    .description('stop the running lab, and the Jaeger that this checkout started')
    .option('--json', 'one JSON document on stdout')
    .action(async (options) => {
      const { downCommand } = await import('./commands/down-command.ts');
      finish(await downCommand(cli, options));
    });
  example(program.command('status'), 'scenario status')
    .description('show the running lab: services, databases, brokers, secret')
    .option('--json', 'one JSON document on stdout')
    .action(async (options) => {
      const { statusCommand } = await import('./commands/status-command.ts');
      finish(await statusCommand(cli, options));
    });
  example(program.command('logs'), 'scenario logs inventory -f')
    .description('print the logs of the running lab, or of the last run')
    .argument('[service]', 'such as order or relay-order (default: all)')
    .option('-f, --follow', 'continue with new lines as they are written')
    .action(async (service, options) => {
      const { logsCommand } = await import('./commands/logs-command.ts');
      finish(await logsCommand(cli, service, options));
    });
}

function addInDoubt(program: Command, cli: Cli, finish: Finish): void {
  const indoubt = example(program.command('indoubt'), 'scenario indoubt')
    .description(
      'list transactions in doubt: their locks, the waiting sessions, the logged decision',
    )
    .option('--json', 'one JSON document on stdout')
    .action(async (options) => {
      const { indoubtCommand } = await import('./commands/indoubt-command.ts');
      finish(await indoubtCommand(cli, options));
    });
  example(indoubt.command('resolve'), 'scenario indoubt resolve stock-import-7 --abort')
    .description('commit or abort one by hand, regardless of the log: a heuristic decision')
    .argument('<gid>', 'gid of the transaction, as it is listed')
    .option('--commit', 'commit its work')
    .option('--abort', 'roll back its work')
    .option('--json', 'one JSON document on stdout')
    .action(async (gid, _options, command: Command) => {
      const { resolveCommand } = await import('./commands/indoubt-command.ts');
      // Both commands have --json, and commander gives it to the outer command.
      finish(await resolveCommand(cli, gid, command.optsWithGlobals()));
    });
}

function addTools(program: Command, cli: Cli, finish: Finish): void {
  example(program.command('doctor'), 'scenario doctor')
    .description(
      'check what each provider of servers needs, and say how to install what is missing',
    )
    .option('--json', 'one JSON document on stdout')
    .action(async (options) => {
      const { doctorCommand } = await import('./commands/doctor-command.ts');
      finish(await doctorCommand(cli, options));
    });
  example(program.command('completion'), 'source <(scenario completion bash)')
    .description('print a script that completes commands, options and scenarios')
    .argument('<shell>', 'bash, zsh or fish')
    .action(async (shell) => {
      const { completionScript } = await import('./completion.ts');
      cli.out.write(completionScript(program, shell));
      finish(0);
    });
}

function coordinationOption(env: Environment, unset: string): Option {
  return new Option(
    '--coordination <protocol>',
    `${COORDINATIONS.join(' or ')}; also read from COORDINATION (${unset})`,
  )
    .env(coordinationVariable(env))
    .argParser(oneOf(COORDINATIONS, ''));
}

/** COORDINATION is read when INDOUBT_COORDINATION is not set; empty counts as not set. Pure. */
export function coordinationVariable(env: Environment): string {
  const own = 'INDOUBT_COORDINATION';
  return !env[own] && env['COORDINATION'] ? 'COORDINATION' : own;
}
