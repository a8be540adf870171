import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { type Violation, violation } from '../evidence/violation.ts';

type Branch = Snapshot['branches'][number];
type Transaction = Snapshot['transactions'][number];
type Log = ReadonlyMap<string, Transaction>;

/**
 * INV-11: every branch and the order follow the decision in the log. A transaction without a
 * decision is presumed aborted, unless its only branch was committed in one phase.
 */
export function oneDecision(snapshot: Snapshot): Violation[] {
  const { branches, transactions, heuristicDecisions } = snapshot;
  const log = new Map(transactions.map((each) => [each.id, each]));
  const byTransaction = Map.groupBy(branches, ({ transactionId }) => transactionId);
  return [
    ...branches.flatMap((branch) => strayed(branch, log.get(branch.transactionId))),
    ...[...byTransaction.values()].flatMap(notAlone),
    ...transactions.flatMap((each) => unfollowed(each, byTransaction.get(each.id) ?? [])),
    ...transactions.flatMap(damaged),
    ...heuristicDecisions.flatMap((guess) => wrongGuess(guess, log)),
    ...unlikeTheirOrders(snapshot),
  ];
}

/** A branch that ended against the decision in the log. */
function strayed(
  { owner, transactionId, outcome, onePhase }: Branch,
  logged?: Transaction,
): Violation[] {
  const about = { transactionId };
  if (outcome === 'aborted') {
    if (logged?.decision !== 'commit') return [];
    const says = `transaction ${transactionId} was decided commit, but ${owner} aborted its branch`;
    return [violation('branch-against-decision', about, says)];
  }
  // A commit in one phase is the decision itself, so the log needs no row.
  if (onePhase && logged === undefined) return [];
  const committed = `${owner} committed its branch of ${transactionId}, but`;
  if (logged?.decision !== 'commit') {
    const kind = logged === undefined ? 'branch-without-decision' : 'branch-against-decision';
    return [violation(kind, about, `${committed} ${whatTheLogSays(logged)}`)];
  }
  if (logged.participants.includes(owner)) return [];
  const says = `${committed} the log's commit names only ${logged.participants.join(', ')}`;
  return [violation('branch-not-in-decision', about, says)];
}

function whatTheLogSays(logged: Transaction | undefined): string {
  if (logged === undefined) return 'the log has no row: presumed abort';
  if (logged.decision === null) return 'the log has no decision';
  return `the log says ${logged.decision}`;
}

/**
 * A transaction may only commit in one phase if it has one branch: several branches need a
 * decision.
 */
function notAlone(branches: Branch[]): Violation[] {
  if (branches.length < 2) return [];
  return branches
    .filter(({ onePhase }) => onePhase)
    .map(({ owner, transactionId }) => {
      const others = branches.map((each) => each.owner).filter((other) => other !== owner);
      const committed = `${owner} committed ${transactionId} in one phase`;
      const says = `${committed}, but it has other branches: ${others.join(', ')}`;
      return violation('one-phase-but-not-alone', { transactionId }, says);
    });
}

/** Participants that the decision names and that have no branch. */
function unfollowed({ id, decision, participants }: Transaction, branches: Branch[]): Violation[] {
  if (decision !== 'commit') return [];
  const owners = new Set(branches.map(({ owner }) => owner));
  return participants
    .filter((name) => !owners.has(name))
    .map((name) => {
      const says = `transaction ${id} was decided commit, but ${name} has no branch`;
      return violation('branch-missing', { transactionId: id }, says);
    });
}

function damaged({ id, decision, damage }: Transaction): Violation[] {
  const did = decision === 'commit' ? 'aborted' : 'committed';
  return damage.map((name) => {
    const says = `heuristic damage: ${name} had ${did} transaction ${id}, decided ${decision}`;
    return violation('heuristic-damage', { transactionId: id }, says);
  });
}

/**
 * A heuristic decision that equals the logged decision does not violate the invariant. The gid of
 * an orphan is in no log, so an orphan cannot be judged.
 */
function wrongGuess(
  { gid, transactionId, decision }: Snapshot['heuristicDecisions'][number],
  log: Log,
): Violation[] {
  if (transactionId === null) return [];
  const logged = log.get(transactionId);
  if (decision === (logged?.decision ?? 'abort')) return [];
  const did = decision === 'commit' ? 'committed' : 'aborted';
  const kind = logged === undefined ? 'operator-without-decision' : 'operator-against-decision';
  const says = `operator ${did} ${gid}, but ${whatTheLogSays(logged)}`;
  return [violation(kind, { transactionId, gid }, says)];
}

/**
 * The order is written inside the branch of the order service, so the order and that branch exist
 * together or not at all.
 */
function unlikeTheirOrders({ orders, branches }: Snapshot): Violation[] {
  const committed = branches.filter(({ outcome }) => outcome === 'committed');
  const byOrder = Map.groupBy(committed, ({ transactionId }) => transactionId);
  const placed = orders.filter(({ coordination }) => coordination === '2pc');
  const unlike = placed.flatMap(({ id, status }) => {
    const owners = (byOrder.get(id) ?? []).map(({ owner }) => owner);
    const about = { orderId: id, transactionId: id };
    if (status === 'REJECTED') {
      return owners.map((owner) => {
        const says = `order ${id} is REJECTED, but ${owner} committed its branch`;
        return violation('rejected-but-branch-committed', about, says);
      });
    }
    if (owners.includes('order')) return [];
    const says = `order ${id} is ${status}, but its own branch is not committed`;
    return [violation('order-without-own-branch', about, says)];
  });
  const known = new Set(placed.map(({ id }) => id));
  const orderless = committed
    .filter(({ owner, transactionId }) => owner === 'order' && !known.has(transactionId))
    .map(({ transactionId }) => {
      const says = `order committed its branch of ${transactionId}, but the order does not exist`;
      return violation('own-branch-without-order', { transactionId }, says);
    });
  return [...unlike, ...orderless];
}
