import type { Coordination } from '@indoubt/contracts';
import { Command, Option } from 'commander';
import type { Environment } from '../infrastructure/provider.ts';
import type { Cli, Finish } from './cli.ts';
import { example } from './example.ts';
import { infraOption } from './infra-option.ts';
import { oneOf, seed } from './option-values.ts';
import { placeOptionsOf } from './plan-runs.ts';
import { addFaults } from './program-faults.ts';
import { addLooking } from './program-looking.ts';
import { addMatrix } from './program-matrix.ts';

const COORDINATIONS = ['saga', '2pc'] as const satisfies Coordination[];
const PRESUMES = ['abort', 'nothing'] as const;
const BRANCHES = ['parallel', 'sequential'] as const;

const EPILOGUE = `
Begin with:  scenario run saga-compensation
Exit codes:  0 the verdict holds, 1 broken, 2 unknown or could not run, 130 interrupted`;

/**
 * The commands and their options. Each command's code is read when it is called, so that help and
 * `list` are there at once.
 * @param finish  told the exit code of the command that ran
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
  addLooking(program, cli, finish);
  addBackground(program, cli, finish);
  addInDoubt(program, cli, finish);
  addFaults(program, cli, finish);
  addMatrix(program, cli, finish, infraOption());
  addTools(program, cli, finish);
  return program;
}

function addReading(program: Command, cli: Cli, finish: Finish): void {
  example(program.command('list'), 'scenario list')
    .description('every scenario: its fault, and what it teaches')
    .option('--json', 'one JSON document on stdout')
    .option('--names', 'only the names, one a line')
    .action(async (options) => {
      const { listCommand } = await import('./commands/list-command.ts');
      finish(await listCommand(cli, options));
    });
  example(program.command('describe'), 'scenario describe saga-compensation')
    .description('the lesson of a scenario: story, faults, invariants, decisions')
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
    .description('play scenarios on real servers and judge them')
    .argument('[name...]', 'scenarios')
    .option('--all', 'every scenario')
    .addOption(coordinationOption(cli.env, "default: each scenario's own first one"))
    .addOption(
      new Option(
        '--presume <decision>',
        '2pc: what no record of a transaction means, abort or nothing',
      ).argParser(oneOf(PRESUMES, '')),
    )
    .addOption(
      new Option('--branches <order>', '2pc: prepared parallel or sequential').argParser(
        oneOf(BRANCHES, ''),
      ),
    )
    .option('--last-resource', '2pc: the last branch decides, committing in one phase')
    .addOption(infraOption())
    .option('--seed <number>', 'repeat a run: the same choices again (default: random)', seed)
    .option('--keep', "leave the lab up afterwards, until 'scenario down'")
    .option('--jaeger', "start Jaeger first unless one answers; it stays until 'scenario down'")
    .option('--json', 'one JSON document on stdout, everything else on stderr')
    .option('--verbose', 'tell every event')
    .action(async (names, options) => {
      const { runCommand } = await import('./commands/run-command.ts');
      finish(await runCommand(cli, names, { ...options, how: placeOptionsOf(options) }));
    });
}

function addBackground(program: Command, cli: Cli, finish: Finish): void {
  example(program.command('up'), 'scenario up --json')
    .description('bring a lab up and leave it; runs then use its servers')
    .addOption(coordinationOption(cli.env, 'how orders are placed; default: saga'))
    .addOption(infraOption())
    .option('--chaos', "with links and control endpoints, so that 'scenario chaos' can arm faults")
    .option('--jaeger', 'with a Jaeger, unless one answers')
    .option('--json', 'one JSON document on stdout: every address, and the secret')
    .action(async (options) => {
      const { upCommand } = await import('./commands/up-command.ts');
      const { infra, json, chaos, jaeger } = options;
      finish(await upCommand(cli, { infra, json, chaos, jaeger, ...placeOptionsOf(options) }));
    });
  example(program.command('down'), 'scenario down')
    .description('end the lab that is up, and Jaeger if it was started here')
    .option('--json', 'one JSON document on stdout')
    .action(async (options) => {
      const { downCommand } = await import('./commands/down-command.ts');
      finish(await downCommand(cli, options));
    });
  example(program.command('status'), 'scenario status')
    .description('what is up: services, databases, brokers, secret')
    .option('--json', 'one JSON document on stdout')
    .action(async (options) => {
      const { statusCommand } = await import('./commands/status-command.ts');
      finish(await statusCommand(cli, options));
    });
  example(program.command('logs'), 'scenario logs inventory -f')
    .description('logs of the lab that is up, or of the last run')
    .argument('[service]', 'such as order, relay-order; all of them unless given')
    .option('-f, --follow', 'go on with what is written from now on')
    .action(async (service, options) => {
      const { logsCommand } = await import('./commands/logs-command.ts');
      finish(await logsCommand(cli, service, options));
    });
}

function addInDoubt(program: Command, cli: Cli, finish: Finish): void {
  const indoubt = example(program.command('indoubt'), 'scenario indoubt')
    .description('transactions in doubt: their locks, who waits, what the log says')
    .option('--json', 'one JSON document on stdout')
    .action(async (options) => {
      const { indoubtCommand } = await import('./commands/indoubt-command.ts');
      finish(await indoubtCommand(cli, options));
    });
  example(indoubt.command('resolve'), 'scenario indoubt resolve stock-import-7 --abort')
    .description('end one by hand, whatever the log says: a heuristic decision')
    .argument('<gid>', 'as it is listed')
    .option('--commit', 'keep its work')
    .option('--abort', 'undo its work')
    .option('--json', 'one JSON document on stdout')
    .action(async (gid, _options, command: Command) => {
      const { resolveCommand } = await import('./commands/indoubt-command.ts');
      // Commander gives a --json that both of them have to the outer one.
      finish(await resolveCommand(cli, gid, command.optsWithGlobals()));
    });
}

function addTools(program: Command, cli: Cli, finish: Finish): void {
  example(program.command('doctor'), 'scenario doctor')
    .description('what is installed, what each provider of servers needs, how to get it')
    .option('--json', 'one JSON document on stdout')
    .action(async (options) => {
      const { doctorCommand } = await import('./commands/doctor-command.ts');
      finish(await doctorCommand(cli, options));
    });
  example(program.command('completion'), 'source <(scenario completion bash)')
    .description('a script that completes commands, options and scenarios')
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
    `${COORDINATIONS.join(' or ')}; COORDINATION serves too (${unset})`,
  )
    .env(coordinationVariable(env))
    .argParser(oneOf(COORDINATIONS, ''));
}

/** The plain name serves too, where ours says nothing; an empty one says nothing. Pure. */
export function coordinationVariable(env: Environment): string {
  const own = 'INDOUBT_COORDINATION';
  return !env[own] && env['COORDINATION'] ? 'COORDINATION' : own;
}
