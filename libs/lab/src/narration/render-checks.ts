import type { Because, RunResult } from '../run-result.ts';
import { COLUMNS_MAX } from './format-sentence.ts';
import type { Paint } from './paint.ts';
import { wrapText } from './wrap-text.ts';

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

/** When it could not hold any more, and where to look further: two lines at most. */
function wrapped({ atMs, process, text, traceId }: Because): string[] {
  const width = COLUMNS_MAX - INDENT.length;
  const who = text.startsWith(process) ? text : `${process}: ${text}`;
  const at = `first inevitable at +${(atMs / 1_000).toFixed(3)} s: ${who}`;
  const whole = wrapText(traceId === null ? at : `${at}; trace ${traceId}`, width);
  if (whole.length <= LINES_MAX || traceId === null) return whole.slice(0, LINES_MAX);
  return [wrapText(at, width)[0] ?? at, `trace ${traceId}`];
}

function looks({ holds, asTold }: Check, paint: Paint) {
  if (holds) return { word: paint.green('holds '), shade: paint.dim };
  if (asTold) return { word: paint.yellow('broken'), shade: paint.dim };
  return { word: paint.bold(paint.red('BROKEN')), shade: paint.red };
}
