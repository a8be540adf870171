import {
  type ListedScenario,
  loadScenarios,
  scenarioNames,
} from '../../runner/scenario/scenario-catalogue.ts';
import { COLUMNS_MAX } from '../../text/columns-max.ts';
import { wrapText } from '../../text/wrap-text.ts';
import { type Cli, writeJson } from '../cli.ts';
import { EXIT } from '../exit-code.ts';

const MINUTES_WIDTH = 8;

export interface ListOptions {
  json?: boolean;
  names?: boolean;
}

/** Every scenario, in the order to learn: its name, minutes, fault, lesson, and what it needs. */
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

/** What `--json` prints of one scenario. See docs/json.md. */
export function summary({
  name,
  group,
  fault,
  teaches,
  coordinations,
  minutes,
  needs,
}: ListedScenario) {
  return { name, group, fault, teaches, coordinations, minutes, needs };
}

function renderList(scenarios: ListedScenario[], paint: Cli['out']['paint']): string {
  const groups = Map.groupBy(scenarios, ({ group }) => group);
  const blocks = [...groups].map(([group, members]) => {
    // Each group has its own widths, so that a long name narrows only its own group.
    const nameWidth = Math.max(...members.map(({ name }) => name.length));
    return [paint.bold(group), ...members.map((member) => entry(member, nameWidth))].join('\n');
  });
  const next = "'scenario describe NAME' explains a story, 'scenario run NAME' plays it.";
  return `${[...blocks, next].join('\n\n')}\n`;

  function entry(
    { name, minutes, fault, teaches, needs }: ListedScenario,
    nameWidth: number,
  ): string {
    const indent = ' '.repeat(nameWidth + MINUTES_WIDTH + 4);
    const after = needs.length === 0 ? '' : ` (needs ${needs.join(', ')})`;
    const text = `${fault} → ${teaches}${after}`;
    const [first = '', ...rest] = wrapText(text, COLUMNS_MAX - indent.length);
    const time = minutes === null ? '' : `${minutes} min`;
    const head = `  ${paint.cyan(name.padEnd(nameWidth))}${time.padStart(MINUTES_WIDTH)}  ${first}`;
    return [head, ...rest.map((line) => indent + line)].join('\n');
  }
}
