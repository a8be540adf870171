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
const PRESUMED = 'the log has nothing: presumed abort';
const UNDECIDED = 'the log says begun, and no decision';
const DECIDED = 'transaction order-4 was decided commit, but';
const ALONE = 'in one phase, but not alone:';

/** Each of them has committed its branch of order-4, and the log says something else. */
function allCommitted(kind: Violation['kind'], says: string): Partial<Violation>[] {
  return ALL.map((owner) => {
    return { kind, text: `${owner} committed its branch of order-4, but ${says}` };
  });
}

test('holds: committed by all, in one phase by one, presumed aborted without a row', () => {
  expect(oneDecision(healthySnapshot())).toEqual([]);
});

test('holds: an abort that was written down, as when nothing is presumed', () => {
  const { transactions, ...rest } = healthySnapshot();
  const logged = { participants: ALL, ended: true, damage: [] };
  const aborted = { ...logged, id: 'order-5', decision: 'abort' } as const;
  expect(oneDecision({ ...rest, transactions: [...transactions, aborted] })).toEqual([]);
});

test('holds: begun, and ended without a decision, for nobody was left to hear one', () => {
  const { transactions, ...rest } = healthySnapshot();
  const begun = { id: 'order-9', decision: null, participants: ALL, ended: true, damage: [] };
  expect(oneDecision({ ...rest, transactions: [...transactions, begun] })).toEqual([]);
});

test('holds: who voted read-only is not named, and has no branch', () => {
  const snapshot = healthySnapshot();
  rowOf(snapshot.transactions, { id: 'order-4' }).participants = ['payment', 'order'];
  removeRow(snapshot.branches, { owner: 'inventory', transactionId: 'order-4' });
  expect(oneDecision(snapshot)).toEqual([]);
});

test('holds: an operator who guessed an abort, and an orphan that is none of ours', () => {
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
    'told to commit before the decision was durable: the log lost it',
    ({ transactions, heuristicDecisions }) => {
      removeRow(transactions, { id: 'order-4' });
      heuristicDecisions.length = 0;
    },
    allCommitted('branch-without-decision', PRESUMED),
  ],
  [
    'a decision that was changed after it was told',
    ({ transactions, heuristicDecisions }) => {
      rowOf(transactions, { id: 'order-4' }).decision = 'abort';
      heuristicDecisions.length = 0;
    },
    allCommitted('branch-against-decision', 'the log says abort'),
  ],
  [
    'committed while the votes were still counted',
    ({ transactions, heuristicDecisions }) => {
      rowOf(transactions, { id: 'order-4' }).decision = null;
      heuristicDecisions.length = 0;
    },
    allCommitted('branch-against-decision', UNDECIDED),
  ],
  [
    'a participant that the decision forgot',
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
    'a participant that gave up after its yes',
    (snapshot) => {
      branchOf(snapshot, 'payment', 'order-4').outcome = 'aborted';
    },
    [{ kind: 'branch-against-decision', text: `${DECIDED} payment aborted its branch` }],
  ],
  [
    'a yes that was never made durable',
    ({ branches }) => removeRow(branches, { owner: 'inventory', transactionId: 'order-4' }),
    [{ kind: 'branch-missing', text: `${DECIDED} inventory has no branch of it` }],
  ],
  [
    'an abort for one whom the commit does not name',
    ({ transactions, branches }) => {
      rowOf(transactions, { id: 'order-4' }).participants = ['payment', 'order'];
      rowOf(branches, { owner: 'inventory', transactionId: 'order-4' }).outcome = 'aborted';
    },
    [{ kind: 'branch-against-decision', text: `${DECIDED} inventory aborted its branch` }],
  ],
  [
    'a refused transaction that one participant committed',
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
    'one phase for two',
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
    'one phase for one, and an abort for another',
    ({ branches }) => {
      const branch = { transactionId: 'order-6', outcome: 'aborted', onePhase: false } as const;
      branches.push({ ...branch, owner: 'inventory' });
    },
    [{ kind: 'one-phase-but-not-alone', text: `order committed order-6 ${ALONE} inventory` }],
  ],
  [
    'one phase, and another decision in the log',
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
    'damage that a participant reported',
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
    'an operator aborted what was decided commit',
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
    'an operator committed what nobody had decided',
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
    'confirmed outside of its transaction',
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
    'rejected, and committed',
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
    'committed, and the order is lost',
    ({ orders }) => removeRow(orders, { id: 'order-4' }),
    [
      {
        kind: 'own-branch-without-order',
        text: 'order committed its branch of order-4, but has no such 2PC order',
      },
    ],
  ],
])('caught: %s', (_what, breakIt, found) => {
  const snapshot = healthySnapshot();
  breakIt(snapshot);
  expect(oneDecision(snapshot)).toMatchObject(found);
});
