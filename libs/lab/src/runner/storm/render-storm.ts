import type { Verdict } from '../../evidence/run-result.ts';
import { duration } from '../../text/duration.ts';
import type { Paint } from '../../text/paint.ts';
import { wrapText } from '../../text/wrap-text.ts';
import { renderChecks } from '../../views/narration/render-checks.ts';
import { paintVerdict, VERDICT_WORDS } from '../../views/narration/render-verdict.ts';
import type { ShrunkStorm, StormResult } from './storm-result.ts';

const COLUMNS = 98;

/** Renders a storm for a person: counts, faults, checks, paths and verdict. Pure. */
export function renderStorm(result: StormResult, paint: Paint): string {
  const { verdict, invariants, shrunk } = result;
  return [
    rows('orders', counts(result), paint),
    rows('faults that struck', faults(result), paint),
    renderChecks({ verdict, invariants, expectations: [] }, paint),
    rows('', places(result), paint),
    ...(shrunk === null ? [] : [rows('shrunk', shrunkRows(shrunk), paint)]),
    verdictLine(result, paint),
  ].join('\n\n');
}

type Row = [name: string, value: string | number];

function rows(title: string, all: Row[], paint: Paint): string {
  const width = Math.max(...all.map(([name]) => name.length)) + 2;
  const lines = all.map(([name, value]) => `  ${paint.dim(name.padEnd(width))}${value}`);
  return [...(title === '' ? [] : [paint.bold(title)]), ...lines].join('\n');
}

function counts({ counts: { orders, ...rest }, leftOut }: StormResult): Row[] {
  return [
    ['placed', orders],
    ['confirmed', rest.confirmed],
    ['rejected', rest.rejected],
    ['without a final answer', rest.unknown],
    ...(leftOut > 0 ? [['left out: too many in flight', leftOut] satisfies Row] : []),
    ['messages received again', rest.redeliveries],
    ['restarts', rest.restarts],
  ];
}

function faults({ faultKinds, steps }: StormResult): Row[] {
  const notDone = steps.filter((step) => step.notDone !== null).length;
  return [
    ...faultKinds.map(({ kind, count }): Row => [kind, count]),
    ['steps that could not be done', `${notDone} of ${steps.length}`],
  ];
}

function places({ runDir, repeat, restedAfterMs }: StormResult): Row[] {
  const idle = restedAfterMs === null ? 'never' : `${duration(restedAfterMs)} after the storm`;
  return [
    ['idle', idle],
    ['run folder', runDir],
    ['again', repeat],
  ];
}

function shrunkRows({ steps, tries, isMinimal, repeat }: ShrunkStorm): Row[] {
  const how = isMinimal ? 'no smaller schedule broke' : 'not all smaller schedules were tried';
  return [
    ['steps', `${steps} (${how}, in ${tries} storms)`],
    ['again', repeat],
  ];
}

function verdictLine(result: StormResult, paint: Paint): string {
  const {
    verdict,
    invariants,
    counts: { faults: struck, orders, restarts },
  } = result;
  const broken = invariants.filter(({ holds }) => !holds).map(({ id }) => id);
  const notIdle = result.restedAfterMs === null ? ['the lab did not become idle'] : [];
  const problems = [...broken, ...notIdle, ...(result.problem === null ? [] : [result.problem])];
  const after = `${struck} faults and ${restarts} restarts`;
  const words: Record<Verdict, string> = {
    holds: `all ${invariants.length} invariants hold after ${after}`,
    broken: problems.join('; '),
    unknown: `${orders} orders and ${struck} faults: the storm proves nothing`,
  };
  const word = VERDICT_WORDS[verdict];
  const indent = ' '.repeat(word.length + 2);
  const text = `storm ${result.seed}: ${words[verdict]}`;
  const [first = '', ...rest] = wrapText(text, COLUMNS - indent.length);
  return [`${paintVerdict(verdict, paint)}  ${first}`, ...rest.map((line) => indent + line)].join(
    '\n',
  );
}
