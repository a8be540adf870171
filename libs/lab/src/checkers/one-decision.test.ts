import { expect, test } from 'vitest';
import {
  healthySnapshot,
  removeRow,
  rowOf,
} from '../evidence/snapshot/healthy-snapshot.fixture.ts';
import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import type { Violation } from '../evidence/violation.ts';
import { oneDecision } from './one-decision.ts';

const ALL = ['inventory', 'payment', 'order'];
const PRESUMED = 'the log has no row: presumed abort';
const UNDECIDED = 'the log has no decision';
const DECIDED = 'transaction order-4 was decided commit, but';
const ALONE = 'in one phase, but it has other branches:';

/** The violations when all three committed their branch of order-4 and the log has no commit. */
function allCommitted(kind: Violation['kind'], says: string): Partial<Violation>[] {
  return ALL.map((owner) => {
    return { kind, text: `${owner} committed its branch of order-4, but ${says}` };
  });
}

test('INV-11 holds for a commit by all, a commit in one phase, and a presumed abort', () => {
  expect(oneDecision(healthySnapshot())).toEqual([]);
});

test('INV-11 holds for an abort that is in the log', () => {
  const { transactions, ...rest } = healthySnapshot();
  const logged = { participants: ALL, ended: true, damage: [] };
  const aborted = { ...logged, id: 'order-5', decision: 'abort' } as const;
  expect(oneDecision({ ...rest, transactions: [...transactions, aborted] })).toEqual([]);
});

test('INV-11 holds for a transaction that ended without a decision and has no branch', () => {
  const { transactions, ...rest } = healthySnapshot();
  const begun = { id: 'order-9', decision: null, participants: ALL, ended: true, damage: [] };
  expect(oneDecision({ ...rest, transactions: [...transactions, begun] })).toEqual([]);
});

test('INV-11 holds when a read-only participant is not in the decision and has no branch', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.transactions, { id: 'order-4' }).participants = ['payment', 'order'];
  removeRow(snapshot.branches, { owner: 'inventory', transactionId: 'order-4' });
  expect(oneDecision(snapshot)).toEqual([]);
});

test('INV-11 holds for a heuristic abort that the log confirms, and for an orphan', () => {
  const snapshot = healthySnapshot();
  const guess = { owner: 'payment', decision: 'abort' } as const;
  const [gid, transactionId] = ['lab-1/payment/order-5', 'order-5'];
  const orphan = { ...guess, decision: 'commit', gid: 'orphan', transactionId: null } as const;
  snapshot.heuristicDecisions.push({ ...guess, gid, transactionId }, orphan);
  expect(oneDecision(snapshot)).toEqual([]);
});

function branchOf({ branches }: Snapshot, owner: string, transactionId: string) {
  return rowOf(branches, { owner, transactionId });
}

test.each<[string, (snapshot: Snapshot) => void, Partial<Violation>[]]>([
  [
    'the decision was sent before it was durable, and the log lost it',
    ({ transactions, heuristicDecisions }) => {
      removeRow(transactions, { id: 'order-4' });
      heuristicDecisions.length = 0;
    },
    allCommitted('branch-without-decision', PRESUMED),
  ],
  [
    'the decision was changed after it was sent',
    ({ transactions, heuristicDecisions }) => {
      rowOf(transactions, { id: 'order-4' }).decision = 'abort';
      heuristicDecisions.length = 0;
    },
    allCommitted('branch-against-decision', 'the log says abort'),
  ],
  [
    'branches were committed before the decision',
    ({ transactions, heuristicDecisions }) => {
      rowOf(transactions, { id: 'order-4' }).decision = null;
      heuristicDecisions.length = 0;
    },
    allCommitted('branch-against-decision', UNDECIDED),
  ],
  [
    'the decision does not name a participant that committed',
    ({ transactions }) => {
      rowOf(transactions, { id: 'order-4' }).participants = ['payment', 'order'];
    },
    [
      {
        kind: 'branch-not-in-decision',
        text:
          "inventory committed its branch of order-4, but the log's commit names only " +
          'payment, order',
      },
    ],
  ],
  [
    'a participant aborted after its yes',
    (snapshot) => {
      branchOf(snapshot, 'payment', 'order-4').outcome = 'aborted';
    },
    [{ kind: 'branch-against-decision', text: `${DECIDED} payment aborted its branch` }],
  ],
  [
    'a participant voted yes and has no branch',
    ({ branches }) => removeRow(branches, { owner: 'inventory', transactionId: 'order-4' }),
    [{ kind: 'branch-missing', text: `${DECIDED} inventory has no branch` }],
  ],
  [
    'a participant that the commit does not name has a tombstone',
    ({ transactions, branches }) => {
      rowOf(transactions, { id: 'order-4' }).participants = ['payment', 'order'];
      rowOf(branches, { owner: 'inventory', transactionId: 'order-4' }).outcome = 'aborted';
    },
    [{ kind: 'branch-against-decision', text: `${DECIDED} inventory aborted its branch` }],
  ],
  [
    'one participant committed a transaction that was aborted',
    ({ branches }) => {
      const branch = { transactionId: 'order-5', outcome: 'committed', onePhase: false } as const;
      branches.push({ ...branch, owner: 'inventory' });
    },
    [
      {
        kind: 'branch-without-decision',
        text: `inventory committed its branch of order-5, but ${PRESUMED}`,
      },
      {
        kind: 'rejected-but-branch-committed',
        text: 'order order-5 is REJECTED, but inventory committed its branch',
      },
    ],
  ],
  [
    'two branches were committed, one of them in one phase',
    ({ branches }) => {
      const branch = { transactionId: 'order-6', outcome: 'committed', onePhase: true } as const;
      branches.push({ ...branch, owner: 'payment' });
    },
    [
      { kind: 'one-phase-but-not-alone', text: `order committed order-6 ${ALONE} payment` },
      { kind: 'one-phase-but-not-alone', text: `payment committed order-6 ${ALONE} order` },
    ],
  ],
  [
    'one branch was committed in one phase, another was aborted',
    ({ branches }) => {
      const branch = { transactionId: 'order-6', outcome: 'aborted', onePhase: false } as const;
      branches.push({ ...branch, owner: 'inventory' });
    },
    [{ kind: 'one-phase-but-not-alone', text: `order committed order-6 ${ALONE} inventory` }],
  ],
  [
    'a branch was committed in one phase, and the log says abort',
    ({ transactions }) => {
      const logged = { participants: ['order'], ended: true, damage: [] };
      transactions.push({ ...logged, id: 'order-6', decision: 'abort' });
    },
    [
      {
        kind: 'branch-against-decision',
        text: 'order committed its branch of order-6, but the log says abort',
      },
    ],
  ],
  [
    'a participant reported heuristic damage',
    ({ transactions }) => {
      rowOf(transactions, { id: 'order-4' }).damage = ['payment'];
    },
    [
      {
        kind: 'heuristic-damage',
        text: 'heuristic damage: payment had aborted transaction order-4, decided commit',
      },
    ],
  ],
  [
    'an operator aborted a branch whose decision is commit',
    ({ heuristicDecisions }) => {
      rowOf(heuristicDecisions, { transactionId: 'order-4' }).decision = 'abort';
    },
    [
      {
        kind: 'operator-against-decision',
        text: 'operator aborted lab-1/order/order-4, but the log says commit',
      },
    ],
  ],
  [
    'an operator committed a branch without a decision',
    ({ heuristicDecisions }) => {
      const guess = { owner: 'payment', gid: 'lab-1/payment/order-5', decision: 'commit' } as const;
      heuristicDecisions.push({ ...guess, transactionId: 'order-5' });
    },
    [
      {
        kind: 'operator-without-decision',
        text: `operator committed lab-1/payment/order-5, but ${PRESUMED}`,
      },
    ],
  ],
  [
    'an order was confirmed outside of its transaction',
    ({ orders }) => {
      Object.assign(rowOf(orders, { id: 'order-5' }), { status: 'CONFIRMED' });
    },
    [
      {
        kind: 'order-without-own-branch',
        text: 'order order-5 is CONFIRMED, but its own branch is not committed',
      },
    ],
  ],
  [
    'a rejected order has a committed branch',
    ({ orders }) => {
      rowOf(orders, { id: 'order-6' }).status = 'REJECTED';
    },
    [
      {
        kind: 'rejected-but-branch-committed',
        text: 'order order-6 is REJECTED, but order committed its branch',
      },
    ],
  ],
  [
    'the branch of the order was committed, and the order is missing',
    ({ orders }) => removeRow(orders, { id: 'order-4' }),
    [
      {
        kind: 'own-branch-without-order',
        text: 'order committed its branch of order-4, but the order does not exist',
      },
    ],
  ],
])('INV-11 is broken when %s', (_what, breakIt, found) => {
  const snapshot = healthySnapshot();
  breakIt(snapshot);
  expect(oneDecision(snapshot)).toMatchObject(found);
});
