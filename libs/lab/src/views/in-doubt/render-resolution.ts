import type { DecisionInLog } from '../../evidence/in-doubt/decision-in-log.ts';
import type { Resolution } from '../../evidence/in-doubt/resolution.ts';
import { COLUMNS_MAX } from '../../text/columns-max.ts';
import type { Paint } from '../../text/paint.ts';
import { wrapText } from '../../text/wrap-text.ts';
import { printable } from './render-in-doubt.ts';

/** What a heuristic decision has done, and how right it was. At most 100 columns. */
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
    return [
      "No log of ours can say whether that was right: it is none of this lab's transactions.",
    ];
  }
  if (damage === null) {
    const why = log === 'unknown' ? "The coordinator's log does not answer" : UNDECIDED;
    return [`${why}: whether that was right is not known yet.`, LOOK];
  }
  if (!damage && log === 'presumed-abort') return [PRESUMED, LOOK];
  if (!damage) return [`It is what the coordinator's log says: ${SAYS[log]}. No harm is done.`];
  return [
    `HEURISTIC DAMAGE: the coordinator's log says ${SAYS[log]}, and the branch of ${owner} has ` +
      `ended in ${decision === 'commit' ? 'a commit' : 'an abort'}, for good.`,
    `The others end as the log says: the transaction is no longer all or nothing. The invariant ` +
      `checkers (INV-11) will find it. Nothing here can repair it but a person who looks at the ` +
      `rows on each side, and corrects them.`,
  ];
}

const UNDECIDED = "The coordinator's log has begun it and not decided";
const PRESUMED =
  "The coordinator's log says nothing, which is an abort (presumed): right, and no harm is done, " +
  'unless a coordinator that is alive counts votes just now.';
const LOOK = 'If the decision is the other one, it is heuristic damage, and INV-11 will say so.';

const SAYS: Record<DecisionInLog, string> = {
  commit: 'commit',
  abort: 'abort',
  'presumed-abort': 'nothing, which is an abort (presumed)',
  undecided: 'nothing yet',
  unknown: 'nothing that we can read',
};
