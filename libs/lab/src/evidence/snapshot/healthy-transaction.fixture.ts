import { GOODS, type Story, totalOf } from './healthy-story.fixture.ts';
import type { Snapshot } from './snapshot.ts';

/** The rows that two-phase commit leaves of an order: branches, and the log. */
export function addTransaction(snapshot: Snapshot, story: Story, id: string): void {
  const confirmed = story.outcome === 'confirmed';
  const [outcome, decision] = confirmed
    ? (['committed', 'commit'] as const)
    : (['aborted', 'abort'] as const);
  const participants = concernedBy(story);
  const isAlone = confirmed && participants.length === 1;
  const onePhase = isAlone && story.lastResource === true && story.presumeNothing !== true;
  for (const owner of participants) {
    snapshot.branches.push({ owner, transactionId: id, outcome, onePhase });
  }
  if (onePhase) return; // never prepared, and in no log
  if (confirmed || story.presumeNothing === true) {
    snapshot.transactions.push({ id, decision, participants, ended: true, damage: [] });
  }
  if (story.guessed !== true) return;
  const guess = { owner: 'order', gid: `lab-1/order/${id}`, transactionId: id, decision };
  snapshot.heuristicDecisions.push(guess);
}

/**
 * Participants that voted yes or had not voted yet. A participant that refused or wrote nothing has
 * no branch to end.
 */
function concernedBy(story: Story): string[] {
  const { lines, outcome } = story;
  const isStocked = lines.some(({ sku }) => !GOODS[sku].madeToOrder);
  const isPaid = totalOf(story) > 0;
  return [
    ...(isStocked && outcome !== 'sold-out' ? ['inventory'] : []),
    ...(isPaid && outcome !== 'declined' ? ['payment'] : []),
    'order',
  ];
}
