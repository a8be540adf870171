import type { RunResult } from '../run-result.ts';
import { COLUMNS_MAX } from './format-sentence.ts';
import type { Paint } from './paint.ts';
import { wrapText } from './wrap-text.ts';

const INDENT = ' '.repeat(10);

interface Check {
  name: string;
  holds: boolean;
  detail: string;
}

/** Every invariant, then what the scenario itself expected: holds or BROKEN, and the evidence. */
export function renderChecks(
  { invariants, expectations }: Pick<RunResult, 'invariants' | 'expectations'>,
  paint: Paint,
): string {
  return [
    block(
      'invariants',
      invariants.map(({ id, title, ...rest }) => ({ name: `${id}  ${title}`, ...rest })),
    ),
    block(
      'this scenario',
      expectations.map(({ title, ...rest }) => ({ name: title, ...rest })),
    ),
  ]
    .filter(({ checks }) => checks.length > 0)
    .map(({ title, checks }) =>
      [paint.bold(title), ...checks.map((check) => render(check, paint))].join('\n'),
    )
    .join('\n\n');
}

function block(title: string, checks: Check[]) {
  return { title, checks };
}

function render({ name, holds, detail }: Check, paint: Paint): string {
  const word = holds ? paint.green('holds ') : paint.bold(paint.red('BROKEN'));
  const width = COLUMNS_MAX - INDENT.length;
  const [first = '', ...rest] = wrapText(name, width);
  const evidence = detail === '' ? [] : wrapText(detail, width);
  return [
    `  ${word}  ${first}`,
    ...rest.map((line) => INDENT + line),
    ...evidence.map((line) => INDENT + (holds ? paint.dim(line) : paint.red(line))),
  ].join('\n');
}
