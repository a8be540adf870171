import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { InvariantId } from '../../checkers/invariant-id.ts';
import { INVARIANTS } from '../../checkers/invariants.ts';
import type { LoadedScenario } from '../../runner/scenario/scenario.ts';
import { folderOf, loadScenario } from '../../runner/scenario/scenario-catalogue.ts';
import { COLUMNS_MAX } from '../../text/columns-max.ts';
import type { Paint } from '../../text/paint.ts';
import { wrapText } from '../../text/wrap-text.ts';
import { type Cli, writeJson } from '../cli.ts';
import { EXIT } from '../exit-code.ts';

/** The lesson of a scenario: its story, faults, invariants and the decisions behind it. */
export async function describeCommand(
  cli: Cli,
  name: string,
  { json }: { json?: boolean },
): Promise<number> {
  const scenario = await loadScenario(cli.root, name);
  const adrs = await adrFiles(cli.root, scenario.adrs);
  const { rules, ...story } = scenario;
  // JSON.stringify leaves out `run`, which is a function.
  if (json) writeJson(cli, { ...story, faults: rules.map(({ text }) => text), adrFiles: adrs });
  else cli.out.write(renderScenario(scenario, adrs, cli.out.paint));
  return EXIT.holds;
}

/** @returns paths from the checkout; a number without a file stays a number */
async function adrFiles(root: string, numbers: number[]): Promise<string[]> {
  const files = await readdir(join(root, 'docs', 'adr')).catch((): string[] => []);
  return numbers.map((number) => {
    const prefix = String(number).padStart(4, '0');
    return `docs/adr/${files.find((file) => file.startsWith(`${prefix}-`)) ?? prefix}`;
  });
}

function renderScenario(scenario: LoadedScenario, adrs: string[], paint: Paint): string {
  const { name, group, fault, teaches, steps, invariants, breaks = [] } = scenario;
  const section = (title: string, items: string[]): string => {
    const lines = items.length === 0 ? ['  none'] : items.flatMap((item) => indented(item));
    return [paint.bold(title), ...lines].join('\n');
  };
  const blocks = [
    [`${paint.bold(paint.cyan(name))}  (${group})`, ...indented(`${fault} → ${teaches}`)].join(
      '\n',
    ),
    section(
      'what happens',
      steps.map((step, index) => `${index + 1}. ${step}`),
    ),
    section('faults', faultsOf(scenario)),
    section('coordination', coordinationLines(scenario.coordinations)),
    section('invariants', invariants.map(titled)),
    ...(breaks.length > 0 ? [section('invariants broken on purpose', breaks.map(titled))] : []),
    section('design decisions', adrs),
    section('more', [`scenarios/${folderOf(name)}/README.md`, `scenario run ${name}`]),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function coordinationLines([first, ...others]: LoadedScenario['coordinations']): string[] {
  if (others.length === 0) return [`${first} only`];
  return [`${first} (default)`, ...others.map((other) => `--coordination ${other}`)];
}

function titled(id: InvariantId): string {
  return `${id} ${INVARIANTS.find((invariant) => invariant.id === id)?.title ?? ''}`;
}

function faultsOf({ rules, leftDead = [] }: LoadedScenario): string[] {
  const left = leftDead.map((process) => `${process} stays dead until the scenario restarts it`);
  return [...rules.map(({ text }) => text), ...left];
}

function indented(text: string): string[] {
  return wrapText(text, COLUMNS_MAX - 5).map(
    (line, index) => `${index === 0 ? '  ' : '     '}${line}`,
  );
}
