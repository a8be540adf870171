import type { RunResult } from '../../evidence/run-result.ts';
import { COLUMNS_MAX } from '../../text/columns-max.ts';
import { duration } from '../../text/duration.ts';
import type { Paint } from '../../text/paint.ts';
import { wrapText } from '../../text/wrap-text.ts';
import { paintVerdict, VERDICT_WORDS } from './render-verdict.ts';

const VERDICT_WIDTH = Math.max(...Object.values(VERDICT_WORDS).map((word) => word.length));
/** A scenario's name may be long: what is told behind it stays readable. */
const NOTE_WIDTH_MIN = 20;

/** After several runs: a line for each, and as many more as it takes to say what went wrong. */
export function renderSummary(runs: RunResult[], paint: Paint): string {
  const nameWidth = Math.max(...runs.map(({ scenario }) => scenario.length));
  return runs
    .map((run) => {
      const gap = ' '.repeat(VERDICT_WIDTH - VERDICT_WORDS[run.verdict].length);
      const head = `${run.scenario.padEnd(nameWidth)}  ${duration(run.durationMs).padStart(7)}  `;
      const used = VERDICT_WIDTH + 2 + head.length;
      const width = Math.max(COLUMNS_MAX - used, NOTE_WIDTH_MIN);
      const [first = '', ...rest] = wrapText(trouble(run), width);
      const line = `${paintVerdict(run.verdict, paint)}${gap}  ${head}${first}`.trimEnd();
      return [line, ...rest.map((more) => ' '.repeat(used) + more)].join('\n');
    })
    .join('\n');
}

/** The first line of what went wrong, or was broken on purpose. */
function trouble({ verdict, problem, invariants, expectations }: RunResult): string {
  if (problem !== null) return problem.split('\n')[0] ?? '';
  const broken = [
    ...invariants.filter(({ holds }) => !holds).map(({ id }) => id),
    ...expectations.filter(({ holds }) => !holds).map(({ title }) => title),
  ];
  const list = broken.join(', ');
  return verdict === 'holds' && list !== '' ? `${list} broken, as told` : list;
}
