import { type Command, InvalidArgumentError, Option } from 'commander';
import { HITS, OUTCOMES } from '../runner/matrix/plan-cells.ts';
import type { Cli, Finish } from './cli.ts';
import { example } from './example.ts';
import { oneOf, seed } from './option-values.ts';

const COORDINATIONS = ['saga', '2pc', 'all'] as const;
const PARALLEL_MAX = 16;

/** `scenario matrix`: every crash point, at each hit, with each outcome of an order. */
export function addMatrix(program: Command, cli: Cli, finish: Finish, infra: Option): void {
  example(
    program.command('matrix'),
    'scenario matrix',
    "scenario matrix --coordination saga --points 'relay-*:published-not-marked'",
    'scenario matrix --sample 0.1 --seed 7 --json',
  )
    .description('crash a process at every crash point, restart it, and check the invariants')
    .addOption(
      new Option('--coordination <protocol>', COORDINATIONS.join(', '))
        .default('all')
        .argParser(oneOf(COORDINATIONS, 'all')),
    )
    .option('--points <glob>', "crash points, such as 'payment:*' (default: all)")
    .addOption(
      new Option(
        '--hits <list>',
        `the hits at which the process dies, of ${HITS.join(',')} (default: all)`,
      ).argParser(hits),
    )
    .addOption(
      new Option(
        '--outcomes <list>',
        `outcomes of the order, of ${OUTCOMES.join(',')} (default: all)`,
      ).argParser(outcomes),
    )
    .option(
      '--sample <share>',
      'each crash point once, and this share (0 to 1) of the other cells',
      share,
    )
    .option('--seed <number>', 'seed of --sample (default: 1)', seed)
    .option(
      '--parallel <labs>',
      'number of labs side by side (default: cores + 1, at most 4)',
      parallel,
    )
    .addOption(infra)
    .option('--json', 'one JSON document on stdout, everything else on stderr')
    .action(async (options) => {
      const { matrixCommand } = await import('./commands/matrix-command.ts');
      finish(await matrixCommand(cli, options));
    });
}

function hits(value: string): number[] {
  return listed(value, HITS.map(String)).map(Number);
}

function outcomes(value: string): string[] {
  return listed(value, OUTCOMES);
}

function listed(value: string, known: readonly string[]): string[] {
  const parts = value.split(',').map((part) => part.trim());
  if (parts.every((part) => known.includes(part))) return [...new Set(parts)];
  throw new InvalidArgumentError(
    `The value must be a comma-separated list of ${known.join(', ')}.`,
  );
}

function share(value: string): number {
  const number = /^(0?\.\d{1,6}|0|1)$/.test(value) ? Number(value) : Number.NaN;
  if (number >= 0 && number <= 1) return number;
  throw new InvalidArgumentError('The value must be a share from 0 to 1, such as 0.1.');
}

function parallel(value: string): number {
  const number = /^\d{1,2}$/.test(value) ? Number(value) : 0;
  if (number >= 1 && number <= PARALLEL_MAX) return number;
  throw new InvalidArgumentError(`The value must be a whole number from 1 to ${PARALLEL_MAX}.`);
}
