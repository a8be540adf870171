import type { Command } from 'commander';
import type { Cli, Finish } from './cli.ts';
import { example } from './example.ts';
import { infraOption } from './infra-option.ts';
import { wholeUpTo } from './option-values.ts';

/** The commands about past runs. */
export function addPastRuns(program: Command, cli: Cli, finish: Finish): void {
  addRuns(program, cli, finish);
  addJaeger(program, cli, finish);
  addDiagram(program, cli, finish);
  addTrace(program, cli, finish);
  addReport(program, cli, finish);
}

function addRuns(program: Command, cli: Cli, finish: Finish): void {
  example(program.command('runs'), 'scenario runs')
    .description('list past runs with their verdicts')
    .option('--all', 'all runs, not only the latest')
    .option(
      '--prune <count>',
      'first remove the folders of all but the latest <count> runs',
      wholeUpTo(10_000),
    )
    .option('--json', 'one JSON document on stdout')
    .action(async (options) => {
      const { runsCommand } = await import('./commands/runs-command.ts');
      finish(await runsCommand(cli, options));
    });
}

function addJaeger(program: Command, cli: Cli, finish: Finish): void {
  example(program.command('jaeger'), 'scenario jaeger')
    .description('start Jaeger in the background; later runs send their traces to it')
    .addOption(infraOption())
    .option('--stop', "stop it; 'scenario down' stops it too")
    .option('--json', 'one JSON document on stdout')
    .action(async (options) => {
      const { jaegerCommand } = await import('./commands/jaeger-command.ts');
      finish(await jaegerCommand(cli, options));
    });
}

const RUN = "'last', a scenario name (its last run), or a folder name in .lab/runs";

function addDiagram(program: Command, cli: Cli, finish: Finish): void {
  example(
    program.command('diagram'),
    'scenario diagram last',
    'scenario diagram saga-compensation --order A >> README.md',
  )
    .description('print the recorded events of a run as a Mermaid sequence diagram')
    .argument('<run>', RUN)
    .option('--order <label>', 'of one order only, such as A')
    .option('--json', 'one JSON document on stdout, with every step and its time')
    .action(async (run, options) => {
      const { diagramCommand } = await import('./commands/diagram-command.ts');
      finish(await diagramCommand(cli, run, options));
    });
}

function addTrace(program: Command, cli: Cli, finish: Finish): void {
  example(program.command('trace'), 'scenario trace last', 'scenario trace last --to-jaeger')
    .description('print the traces of a run as trees: durations, waits, failures, retries')
    .argument('<run>', RUN)
    .option('--order <label>', 'of one order only, such as A')
    .option(
      '--to-jaeger',
      "send them to Jaeger and print the links ('scenario jaeger' starts Jaeger)",
    )
    .option('--json', 'one JSON document on stdout')
    .action(async (run, options) => {
      const { traceCommand } = await import('./commands/trace-command.ts');
      finish(await traceCommand(cli, run, options));
    });
}

function addReport(program: Command, cli: Cli, finish: Finish): void {
  example(
    program.command('report'),
    'scenario report last',
    'scenario report saga-happy-path 2pc-commit',
    'scenario report last --out run.html --no-open',
  )
    .description('write the page of a run and open it in a browser; with two runs, side by side')
    .argument('<run>', RUN)
    .argument('[other]', 'a second run to compare with the first')
    .option('--out <file>', "write the page to this file instead of the run's folder")
    .option('--no-open', 'write the page without opening it')
    .option('--json', 'print the data of the page as one JSON document, and write no page')
    .action(async (run, other, options) => {
      const { reportCommand } = await import('./commands/report-command.ts');
      finish(await reportCommand(cli, other === undefined ? [run] : [run, other], options));
    });
}
