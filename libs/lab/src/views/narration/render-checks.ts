import type { Because, RunResult } from '../../evidence/run-result.ts';
import { COLUMNS_MAX } from '../../text/columns-max.ts';
import type { Paint } from '../../text/paint.ts';
import { wrapText } from '../../text/wrap-text.ts';

const INDENT = ' '.repeat(10);
const AS_TOLD = 'as told: the story breaks it on purpose';

interface Check {
  name: string;
  holds: boolean;
  detail: string;
  /** It does not hold, and was not meant to. */
  asTold: boolean;
  because: Because | null;
}

/**
 * Every invariant, then what the scenario itself expected: holds or BROKEN, and the evidence. Where
 * the verdict holds, what is broken was broken on purpose, and is no failure.
 */
export function renderChecks(
  { verdict, invariants, expectations }: Pick<RunResult, 'verdict' | 'invariants' | 'expectations'>,
  paint: Paint,
): string {
  const asTold = (holds: boolean): boolean => verdict === 'holds' && !holds;
  return [
    block(
      'invariants',
      invariants.map(({ id, title, ...rest }) => {
        return { name: `${id}  ${title}`, asTold: asTold(rest.holds), ...rest };
      }),
    ),
    block(
      'this scenario',
      expectations.map(({ title, ...rest }) => {
        return { name: title, asTold: false, because: null, ...rest };
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
  const { name, detail, asTold, because } = check;
  const width = COLUMNS_MAX - INDENT.length;
  const [first = '', ...rest] = wrapText(name, width);
  const evidence = detail === '' ? [] : wrapText(detail, width);
  const { word, shade } = looks(check, paint);
  return [
    `  ${word}  ${first}`,
    ...rest.map((line) => INDENT + line),
    ...(asTold ? [INDENT + paint.yellow(AS_TOLD)] : []),
    ...evidence.map((line) => INDENT + shade(line)),
    ...(because === null ? [] : wrapped(because).map((line) => INDENT + line)),
  ].join('\n');
}

const LINES_MAX = 2;

/**
 * When it could not hold any more, in two lines at most, cut at a word. The trace, to look further,
 * is behind it, or in a line of its own when it does not fit there.
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
  // The last line gives up as many words as the dots need.
  const last = wrapText(lines[LINES_MAX - 1] ?? '', width - 2)[0] ?? '';
  return [...lines.slice(0, LINES_MAX - 1), `${last} …`];
}

function looks({ holds, asTold }: Check, paint: Paint) {
  if (holds) return { word: paint.green('holds '), shade: paint.dim };
  if (asTold) return { word: paint.yellow('broken'), shade: paint.dim };
  return { word: paint.bold(paint.red('BROKEN')), shade: paint.red };
}
