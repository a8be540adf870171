import { NO_JAEGER, type RunResult, type Verdict } from '../../evidence/run-result.ts';
import { COLUMNS_MAX } from '../../text/columns-max.ts';
import { duration } from '../../text/duration.ts';
import type { Paint } from '../../text/paint.ts';
import { wrapText } from '../../text/wrap-text.ts';

/** How long each phase of a run took. Milliseconds. */
export interface Durations {
  setUpMs: number;
  runMs: number;
  checkMs: number;
}

export interface VerdictOptions {
  result: RunResult;
  /** Path of the run's folder, and of its page; empty when there is none. */
  runDir: string;
  report: string;
  durations: Durations | null;
  /** Milliseconds that the servers took to start for this run; 0 when they ran already. */
  serversMs: number;
}

/** Renders paths, traces, the command that repeats the run, the duration and the verdict. */
export function renderVerdict(options: VerdictOptions, paint: Paint): string {
  const { result, runDir, report } = options;
  const facts: [string, string][] = [
    ['run folder', runDir === '' ? '(none: the run did not begin)' : runDir],
    ...(report === '' ? [] : [['report', report] satisfies [string, string]]),
    ...traces(result).map((trace, index): [string, string] => [index === 0 ? 'trace' : '', trace]),
    ['again', result.again],
    ['took', took(options)],
  ];
  const lines = facts.map(([name, value]) => `  ${paint.dim(name.padEnd(12))}${value}`);
  return [...lines, '', ...verdictLines(result, paint)].join('\n');
}

const TRACES_SHOWN_MAX = 3;
const INDENT = 14;

function traces({ traceUrls, traceIds, tracesProblem }: RunResult): string[] {
  if (traceUrls.length > 0) {
    const more = traceUrls.length - TRACES_SHOWN_MAX;
    const rest = more > 0 ? [`and ${more} more, in --json`] : [];
    return [...traceUrls.slice(0, TRACES_SHOWN_MAX), ...rest];
  }
  if (traceIds.length === 0) return [];
  const start = "'scenario jaeger' starts a Jaeger, 'scenario trace' works without one";
  const next = tracesProblem === NO_JAEGER ? start : 'the spans are in the folder';
  return wrapText(`${tracesProblem ?? 'none'}: ${next}`, COLUMNS_MAX - INDENT);
}

function took({ result, durations, serversMs }: VerdictOptions): string {
  const parts: [string, number | undefined][] = [
    ['servers', serversMs === 0 ? undefined : serversMs],
    ['set-up', durations?.setUpMs],
    ['run', durations?.runMs],
    ['check', durations?.checkMs],
  ];
  const known = parts.flatMap(([name, ms]) =>
    ms === undefined ? [] : [`${name} ${duration(ms)}`],
  );
  return [duration(serversMs + result.durationMs), known.join(', ')].filter(Boolean).join(': ');
}

export const VERDICT_WORDS: Record<Verdict, string> = {
  holds: 'HOLDS',
  broken: 'BROKEN',
  unknown: 'UNKNOWN',
};

export function paintVerdict(verdict: Verdict, paint: Paint): string {
  const colour = { holds: paint.green, broken: paint.red, unknown: paint.yellow }[verdict];
  return paint.bold(colour(VERDICT_WORDS[verdict]));
}

function verdictLines(
  { verdict, scenario, problem, ...result }: RunResult,
  paint: Paint,
): string[] {
  const checks = [...result.invariants, ...result.expectations];
  const broken = checks.filter(({ holds }) => !holds).length;
  const words: Record<Verdict, string> = {
    holds: holdsText(result.invariants, checks.length - broken),
    broken: [`${broken} of ${checks.length} checks broken`, problem].filter(Boolean).join('; '),
    unknown: problem ?? 'no problem was recorded',
  };
  const word = VERDICT_WORDS[verdict];
  const indent = ' '.repeat(word.length + 2);
  const [first = '', ...rest] = wrapText(
    `${scenario}: ${words[verdict]}`,
    COLUMNS_MAX - indent.length,
  );
  return [`${paintVerdict(verdict, paint)}  ${first}`, ...rest.map((line) => indent + line)];
}

/** An invariant that the scenario breaks on purpose must be found broken: then that is a pass. */
function holdsText(invariants: RunResult['invariants'], holding: number): string {
  const broken = invariants.filter(({ holds }) => !holds).map(({ id }) => id);
  if (broken.length === 0) return `all ${holding} checks hold`;
  const found = `the checkers found what was broken on purpose (${broken.join(', ')})`;
  return `${found}; all other ${holding} checks hold`;
}
