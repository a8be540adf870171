import type { DecisionInLog } from '../../evidence/in-doubt/decision-in-log.ts';
import type { Resolution } from '../../evidence/in-doubt/resolution.ts';
import { COLUMNS_MAX } from '../../text/columns-max.ts';
import type { Paint } from '../../text/paint.ts';
import { wrapText } from '../../text/wrap-text.ts';
import { printable } from './render-in-doubt.ts';

/** Renders a heuristic decision and whether it did damage. At most 100 columns. */
export function renderResolution(resolution: Resolution, paint: Paint): string {
  const { gid, owner, decision, damage } = resolution;
  const did = decision === 'commit' ? 'committed' : 'rolled back';
  const head = `${did} by hand, in the database of ${owner}: ${printable(gid)}`;
  const shade = { true: paint.red, false: paint.green, null: paint.yellow }[`${damage}`];
  const lines = [head, '', ...judgement(resolution)].flatMap((text) => wrapText(text, COLUMNS_MAX));
  return `${lines.map((line, index) => (index === 0 ? line : shade(line))).join('\n')}\n`;
}

function judgement({ transactionId, decision, log, damage, owner }: Resolution): string[] {
  if (transactionId === null) {
    return ['Whether that was right is unknown: it is an orphan, which is in no log of this lab.'];
  }
  if (damage === null) {
    const why = log === 'unknown' ? "The coordinator's log does not answer" : UNDECIDED;
    return [`${why}: whether that was right is not known yet.`, IF_OTHERWISE];
  }
  if (!damage && log === 'presumed-abort') return [PRESUMED, IF_OTHERWISE];
  if (!damage) return [`The coordinator's log says the same: ${SAYS[log]}. No damage is done.`];
  return [
    `HEURISTIC DAMAGE: the coordinator's log says ${SAYS[log]}, and the branch of ${owner} has ` +
      `ended in ${decision === 'commit' ? 'a commit' : 'an abort'}, for good.`,
    `The other branches follow the log, so the transaction is no longer atomic. The invariant ` +
      `checkers (INV-11) will report it. Only a person can repair it, by comparing and ` +
      `correcting the rows of all participants.`,
  ];
}

const UNDECIDED = "The transaction is begun in the coordinator's log, but not decided";
const PRESUMED =
  "The coordinator's log says nothing, which is a presumed abort: no damage is done, " +
  'unless a live coordinator is still collecting votes.';
const IF_OTHERWISE =
  'If the log decides otherwise, this is heuristic damage, and INV-11 will be broken.';

const SAYS: Record<DecisionInLog, string> = {
  commit: 'commit',
  abort: 'abort',
  'presumed-abort': 'nothing, which is a presumed abort',
  undecided: 'nothing yet',
  unknown: 'nothing readable',
};
