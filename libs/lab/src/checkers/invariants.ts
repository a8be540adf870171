import type { RecordLine } from '@indoubt/record';
import type { InvariantResult } from '../evidence/run-result.ts';
import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import type { Violation } from '../evidence/violation.ts';
import { acknowledgedExists } from './acknowledged-exists.ts';
import { cardsAgree } from './cards-agree.ts';
import { compared } from './compared.ts';
import { confirmedIsComplete } from './confirmed-is-complete.ts';
import type { InvariantId } from './invariant-id.ts';
import { messagesComplete } from './messages-complete.ts';
import { messagesInOrder } from './messages-in-order.ts';
import { moneyConserved } from './money-conserved.ts';
import { noMessagePassedOver } from './no-message-passed-over.ts';
import { oneDecision } from './one-decision.ts';
import { oneEffect } from './one-effect.ts';
import { oneOrderPerKey } from './one-order-per-key.ts';
import { quiet } from './quiet.ts';
import { rejectedIsEmpty } from './rejected-is-empty.ts';
import { sagaAgrees } from './saga-agrees.ts';
import { stockConserved } from './stock-conserved.ts';
import { searchedHistories, stockIsLinearizable } from './stock-is-linearizable.ts';
import { whyBroken } from './why-broken.ts';

interface Invariant {
  id: InvariantId;
  title: string;
  check: (snapshot: Snapshot) => Violation[];
  /** The evidence when the invariant holds: one line that says what was compared. */
  ok: (snapshot: Snapshot) => string;
}

/** All invariants of a quiet lab. docs/invariants.md explains each of them. */
export const INVARIANTS: readonly Invariant[] = [
  { id: 'INV-1', title: 'Money is conserved', check: moneyConserved, ok: compared.money },
  {
    id: 'INV-2',
    title: 'Stock is conserved, and never negative',
    check: stockConserved,
    ok: compared.stock,
  },
  {
    id: 'INV-3',
    title: 'CONFIRMED if and only if paid once and held in full',
    check: confirmedIsComplete,
    ok: compared.confirmed,
  },
  {
    id: 'INV-4',
    title: 'REJECTED if and only if nothing is paid or held',
    check: rejectedIsEmpty,
    ok: compared.rejected,
  },
  {
    id: 'INV-5',
    title: 'Every acknowledged order exists as requested',
    check: acknowledgedExists,
    ok: compared.acknowledged,
  },
  {
    id: 'INV-6',
    title: 'One effect for each command, however often delivered',
    check: oneEffect,
    ok: compared.effects,
  },
  {
    id: 'INV-7',
    title: 'No message is lost, and each message has its outbox row',
    check: messagesComplete,
    ok: compared.messages,
  },
  {
    id: 'INV-8',
    title: 'Messages of one order arrive in the order in which they were written',
    check: messagesInOrder,
    ok: compared.order,
  },
  {
    id: 'INV-9',
    title: 'Quiet: no unfinished work and no dead letter',
    check: quiet,
    ok: compared.quiet,
  },
  {
    id: 'INV-10',
    title: 'Saga and order agree',
    check: sagaAgrees,
    ok: compared.sagas,
  },
  {
    id: 'INV-11',
    title: 'One decision for each transaction, and every branch follows it',
    check: oneDecision,
    ok: compared.decisions,
  },
  {
    id: 'INV-12',
    title: 'Stock is linearizable: one sequence of events fits all answers',
    check: stockIsLinearizable,
    ok: searchedHistories,
  },
  {
    id: 'INV-13',
    title: 'No message is skipped by its consumer',
    check: noMessagePassedOver,
    ok: compared.handled,
  },
  {
    id: 'INV-14',
    title: 'One order for each idempotency key, and equal answers to equal keys',
    check: oneOrderPerKey,
    ok: compared.keys,
  },
  {
    id: 'INV-15',
    title: 'The card processor and payment agree',
    check: cardsAgree,
    ok: compared.cards,
  },
];

/** A broken lab can have thousands of violations; the first ones are enough to find the cause. */
const VIOLATIONS_SHOWN_MAX = 20;

/**
 * Checks all invariants. `detail` has one line of evidence, or one line for each violation.
 * @param lines  the record of the run, in which the cause of a violation is searched
 */
export function checkAll(snapshot: Snapshot, lines: readonly RecordLine[] = []): InvariantResult[] {
  return INVARIANTS.map(({ id, title, check, ok }) => {
    const found = check(snapshot);
    const holds = found.length === 0;
    const [first] = found;
    const because = first === undefined ? null : whyBroken(id, first, lines);
    const violations = found.slice(0, VIOLATIONS_SHOWN_MAX);
    const detail = holds ? ok(snapshot) : listed(violations, found.length);
    return { id, title, holds, detail, violations, because };
  });
}

function listed(shown: readonly Violation[], all: number): string {
  const more = all - shown.length;
  return [...shown.map(({ text }) => text), ...(more > 0 ? [`… and ${more} more`] : [])].join('\n');
}
