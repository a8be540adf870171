import type { Because, RunResult } from '../../evidence/run-result.ts';
import { COLUMNS_MAX } from '../../text/columns-max.ts';
import type { Paint } from '../../text/paint.ts';
import { wrapText } from '../../text/wrap-text.ts';

const INDENT = ' '.repeat(10);
const AS_EXPECTED = 'as expected: the scenario breaks it on purpose';

interface Check {
  name: string;
  holds: boolean;
  detail: string;
  /** The check does not hold, and the scenario breaks it on purpose. */
  asExpected: boolean;
  because: Because | null;
}

/**
 * Renders every invariant, then every expectation of the scenario: holds or BROKEN, with evidence.
 * Where the verdict holds, a broken invariant was broken on purpose and is not a failure.
 */
export function renderChecks(
  { verdict, invariants, expectations }: Pick<RunResult, 'verdict' | 'invariants' | 'expectations'>,
  paint: Paint,
): string {
  const asExpected = (holds: boolean): boolean => verdict === 'holds' && !holds;
  return [
    block(
      'invariants',
      invariants.map(({ id, title, ...rest }) => {
        return { name: `${id}  ${title}`, asExpected: asExpected(rest.holds), ...rest };
      }),
    ),
    block(
      'this scenario',
      expectations.map(({ title, ...rest }) => {
        return { name: title, asExpected: false, because: null, ...rest };
      }),
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

function render(check: Check, paint: Paint): string {
  const { name, detail, asExpected, because } = check;
  const width = COLUMNS_MAX - INDENT.length;
  const [first = '', ...rest] = wrapText(name, width);
  const evidence = detail === '' ? [] : wrapText(detail, width);
  const { word, shade } = shadeOf(check, paint);
  return [
    `  ${word}  ${first}`,
    ...rest.map((line) => INDENT + line),
    ...(asExpected ? [INDENT + paint.yellow(AS_EXPECTED)] : []),
    ...evidence.map((line) => INDENT + shade(line)),
    ...(because === null ? [] : wrapped(because).map((line) => INDENT + line)),
  ].join('\n');
}

const LINES_MAX = 2;

/**
 * From when on the check could not hold any more, in two lines at most, cut after a word. The trace
 * follows in the same lines, or in a line of its own when it does not fit.
 */
function wrapped({ atMs, process, text, traceId }: Because): string[] {
  const width = COLUMNS_MAX - INDENT.length;
  const who = text.startsWith(process) ? text : `${process}: ${text}`;
  const at = `first inevitable at +${(atMs / 1_000).toFixed(3)} s: ${who}`;
  if (traceId === null) return cut(at, width);
  const whole = wrapText(`${at}; trace ${traceId}`, width);
  return whole.length <= LINES_MAX ? whole : [...cut(at, width), `trace ${traceId}`];
}

function cut(text: string, width: number): string[] {
  const lines = wrapText(text, width);
  if (lines.length <= LINES_MAX) return lines;
  // The last line loses as many words as the dots need.
  const last = wrapText(lines[LINES_MAX - 1] ?? '', width - 2)[0] ?? '';
  return [...lines.slice(0, LINES_MAX - 1), `${last} …`];
}

function shadeOf({ holds, asExpected }: Check, paint: Paint) {
  if (holds) return { word: paint.green('holds '), shade: paint.dim };
  if (asExpected) return { word: paint.yellow('broken'), shade: paint.dim };
  return { word: paint.bold(paint.red('BROKEN')), shade: paint.red };
}
