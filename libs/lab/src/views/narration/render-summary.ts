import type { RunResult } from '../../evidence/run-result.ts';
import { COLUMNS_MAX } from '../../text/columns-max.ts';
import { duration } from '../../text/duration.ts';
import type { Paint } from '../../text/paint.ts';
import { wrapText } from '../../text/wrap-text.ts';
import { paintVerdict, VERDICT_WORDS } from './render-verdict.ts';

const VERDICT_WIDTH = Math.max(...Object.values(VERDICT_WORDS).map((word) => word.length));
/** Characters that the note gets even after a long scenario name. */
const NOTE_WIDTH_MIN = 20;

/** One line per run; the note on what went wrong continues in further lines if it is long. */
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

/** The first line of the problem, or the names of the broken checks. */
function trouble({ verdict, problem, invariants, expectations }: RunResult): string {
  if (problem !== null) return problem.split('\n')[0] ?? '';
  const broken = [
    ...invariants.filter(({ holds }) => !holds).map(({ id }) => id),
    ...expectations.filter(({ holds }) => !holds).map(({ title }) => title),
  ];
  const list = broken.join(', ');
  return verdict === 'holds' && list !== '' ? `${list} broken, as expected` : list;
}
