import type { Command } from 'commander';
import type { Cli, Finish } from './cli.ts';
import { example } from './example.ts';
import { infraOption } from './infra-option.ts';
import { wholeUpTo } from './option-values.ts';

/** Commands that look at runs that are over. */
export function addLooking(program: Command, cli: Cli, finish: Finish): void {
  addRuns(program, cli, finish);
  addJaeger(program, cli, finish);
  addDiagram(program, cli, finish);
  addTrace(program, cli, finish);
  addReport(program, cli, finish);
}

function addRuns(program: Command, cli: Cli, finish: Finish): void {
  example(program.command('runs'), 'scenario runs')
    .description('the runs that there are: their verdicts, and the names that other commands take')
    .option('--all', 'every one, not only the latest')
    .option('--prune <count>', 'first remove all folders but the latest <count>', wholeUpTo(10_000))
    .option('--json', 'one JSON document on stdout')
    .action(async (options) => {
      const { runsCommand } = await import('./commands/runs-command.ts');
      finish(await runsCommand(cli, options));
    });
}

function addJaeger(program: Command, cli: Cli, finish: Finish): void {
  example(program.command('jaeger'), 'scenario jaeger')
    .description('start a Jaeger and leave it; runs then send their traces there')
    .addOption(infraOption())
    .option('--stop', "end it; 'scenario down' does so too")
    .option('--json', 'one JSON document on stdout')
    .action(async (options) => {
      const { jaegerCommand } = await import('./commands/jaeger-command.ts');
      finish(await jaegerCommand(cli, options));
    });
}

const RUN = "'last', a scenario (its last run), or the name of a folder in .lab/runs";

function addDiagram(program: Command, cli: Cli, finish: Finish): void {
  example(
    program.command('diagram'),
    'scenario diagram last',
    'scenario diagram saga-compensation --order A >> README.md',
  )
    .description('what really happened in a run, as a Mermaid sequence diagram for a README')
    .argument('<run>', RUN)
    .option('--order <label>', 'of one order only, such as A')
    .option('--json', 'one JSON document on stdout: every step, with its time')
    .action(async (run, options) => {
      const { diagramCommand } = await import('./commands/diagram-command.ts');
      finish(await diagramCommand(cli, run, options));
    });
}

function addTrace(program: Command, cli: Cli, finish: Finish): void {
  example(program.command('trace'), 'scenario trace last', 'scenario trace last --to-jaeger')
    .description('the traces of a run as trees: durations, waits, failures, retries')
    .argument('<run>', RUN)
    .option('--order <label>', 'of one order only, such as A')
    .option('--to-jaeger', "send them to Jaeger and say where; 'scenario jaeger' starts one")
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
    .description('the page of a run: written anew and opened; of two runs, side by side')
    .argument('<run>', RUN)
    .argument('[other]', 'a second run, to be laid beside it')
    .option('--out <file>', 'write it there, and not where it belongs')
    .option('--no-open', 'only write it')
    .option('--json', 'one JSON document on stdout, and no page: what it would show')
    .action(async (run, other, options) => {
      const { reportCommand } = await import('./commands/report-command.ts');
      finish(await reportCommand(cli, other === undefined ? [run] : [run, other], options));
    });
}
