import { readRows } from '../../evidence/rows/run-rows.ts';
import { openRun } from '../../evidence/stored-run/open-run.ts';
import type { SequenceModel } from '../../views/page/sequence-model.ts';
import { locksOf } from '../../views/report/report-locks.ts';
import { ofOrder } from '../../views/sequence/of-order.ts';
import { readStory } from '../../views/sequence/read-story.ts';
import { renderMermaid } from '../../views/sequence/render-mermaid.ts';
import { sequenceOf } from '../../views/sequence/sequence-of.ts';
import { type Cli, writeJson } from '../cli.ts';
import { EXIT } from '../exit-code.ts';

export interface DiagramOptions {
  /** Label of an order. */
  order?: string;
  json?: boolean;
}

/** The document of `diagram --json`. See docs/json.md. */
export interface DiagramDocument extends SequenceModel {
  run: string;
}

/** Prints the recorded events of a run as a Mermaid diagram, for a README. */
export async function diagramCommand(
  cli: Cli,
  wanted: string,
  { order, json }: DiagramOptions,
): Promise<number> {
  const { dir, name, lines } = await openRun(cli.root, wanted);
  const rows = await readRows(dir);
  const story = readStory(lines);
  const whole = sequenceOf(story, { locks: locksOf(rows, story) });
  const model = order === undefined ? whole : ofOrder(whole, order);
  if (json) {
    const document: DiagramDocument = { run: name, ...model };
    writeJson(cli, document);
    return EXIT.holds;
  }
  const again = order === undefined ? '--order A shows one order, ' : '';
  const text = renderMermaid(model, `${again}--json has all steps`);
  cli.out.write(`\`\`\`mermaid\n${text}\`\`\`\n`);
  return EXIT.holds;
}
