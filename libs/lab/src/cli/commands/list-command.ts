import type { LoadedScenario } from '../../runner/scenario/scenario.ts';
import { loadScenarios, scenarioNames } from '../../runner/scenario/scenario-catalogue.ts';
import { COLUMNS_MAX } from '../../text/columns-max.ts';
import { wrapText } from '../../text/wrap-text.ts';
import { type Cli, writeJson } from '../cli.ts';
import { EXIT } from '../exit-code.ts';

export interface ListOptions {
  json?: boolean;
  names?: boolean;
}

/** Every scenario, grouped: its name, its fault, and what it teaches. */
export async function listCommand(cli: Cli, { json, names }: ListOptions): Promise<number> {
  if (names) {
    const all = await scenarioNames(cli.root);
    cli.out.write(all.map((name) => `${name}\n`).join(''));
    return EXIT.holds;
  }
  const scenarios = await loadScenarios(cli.root);
  if (json) writeJson(cli, { scenarios: scenarios.map(summary) });
  else cli.out.write(renderList(scenarios, cli.out.paint));
  return EXIT.holds;
}

function summary({ name, group, fault, teaches, coordinations }: LoadedScenario) {
  return { name, group, fault, teaches, coordinations };
}

function renderList(scenarios: LoadedScenario[], paint: Cli['out']['paint']): string {
  const groups = Map.groupBy(scenarios, ({ group }) => group);
  const blocks = [...groups].map(([group, members]) => {
    // A long name in one group need not narrow the others.
    const nameWidth = Math.max(...members.map(({ name }) => name.length));
    return [paint.bold(group), ...members.map((member) => entry(member, nameWidth))].join('\n');
  });
  const next = "'scenario describe NAME' tells the story, 'scenario run NAME' plays it.";
  return `${[...blocks, next].join('\n\n')}\n`;

  function entry({ name, fault, teaches }: LoadedScenario, nameWidth: number): string {
    const indent = ' '.repeat(nameWidth + 4);
    const [first = '', ...rest] = wrapText(`${fault} → ${teaches}`, COLUMNS_MAX - indent.length);
    const head = `  ${paint.cyan(name.padEnd(nameWidth))}  ${first}`;
    return [head, ...rest.map((line) => indent + line)].join('\n');
  }
}
