import type { RecordLine } from '@indoubt/record';
import type { InvariantResult } from '../evidence/run-result.ts';
import type { Snapshot } from '../evidence/snapshot/snapshot.ts';
import { acknowledgedExists } from './acknowledged-exists.ts';
import { cardsAgree } from './cards-agree.ts';
import { confirmedIsComplete } from './confirmed-is-complete.ts';
import { evidence } from './evidence.ts';
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
import { searchedHistories, stockIsOneObject } from './stock-is-one-object.ts';
import type { Violation } from './violation.ts';
import { whyBroken } from './why-broken.ts';

interface Invariant {
  id: InvariantId;
  title: string;
  check: (snapshot: Snapshot) => Violation[];
  /** One line of what was compared, for when it holds. */
  ok: (snapshot: Snapshot) => string;
}

/** All that must be true once the lab is quiet. Explained one by one in docs/invariants.md. */
export const INVARIANTS: readonly Invariant[] = [
  { id: 'INV-1', title: 'Money is conserved', check: moneyConserved, ok: evidence.money },
  {
    id: 'INV-2',
    title: 'Stock is conserved, and never negative',
    check: stockConserved,
    ok: evidence.stock,
  },
  {
    id: 'INV-3',
    title: 'CONFIRMED if and only if paid once and held in full',
    check: confirmedIsComplete,
    ok: evidence.confirmed,
  },
  {
    id: 'INV-4',
    title: 'REJECTED if and only if nothing is paid or held',
    check: rejectedIsEmpty,
    ok: evidence.rejected,
  },
  {
    id: 'INV-5',
    title: 'Every acknowledged order exists, as it was asked for',
    check: acknowledgedExists,
    ok: evidence.acknowledged,
  },
  {
    id: 'INV-6',
    title: 'One effect for each command, however often delivered',
    check: oneEffect,
    ok: evidence.effects,
  },
  {
    id: 'INV-7',
    title: 'No message is lost, none comes from nowhere',
    check: messagesComplete,
    ok: evidence.messages,
  },
  {
    id: 'INV-8',
    title: 'Messages of one order come in order',
    check: messagesInOrder,
    ok: evidence.order,
  },
  {
    id: 'INV-9',
    title: 'Quiet: nothing is left to do, nothing was given up',
    check: quiet,
    ok: evidence.quiet,
  },
  {
    id: 'INV-10',
    title: 'Saga and order tell the same story',
    check: sagaAgrees,
    ok: evidence.sagas,
  },
  {
    id: 'INV-11',
    title: 'One decision for each transaction, and every branch follows it',
    check: oneDecision,
    ok: evidence.decisions,
  },
  {
    id: 'INV-12',
    title: 'Stock behaves as one object: every answer fits one order of events',
    check: stockIsOneObject,
    ok: searchedHistories,
  },
  {
    id: 'INV-13',
    title: 'No message is passed over',
    check: noMessagePassedOver,
    ok: evidence.handled,
  },
  {
    id: 'INV-14',
    title: 'One order for each idempotency key, and equal answers to equal keys',
    check: oneOrderPerKey,
    ok: evidence.keys,
  },
  {
    id: 'INV-15',
    title: 'The card processor and payment tell the same story',
    check: cardsAgree,
    ok: evidence.cards,
  },
];

/** A broken lab can have a violation for each of thousands of orders; the first ones tell why. */
const VIOLATIONS_SHOWN_MAX = 20;

/**
 * Checks them all. `detail` has one line of evidence, or one line for each violation.
 * @param lines  the run's record: what is broken is traced back to the event that decided it
 */
export function checkAll(snapshot: Snapshot, lines: readonly RecordLine[] = []): InvariantResult[] {
  return INVARIANTS.map(({ id, title, check, ok }) => {
    const violations = check(snapshot);
    const holds = violations.length === 0;
    const [first] = violations;
    const because = first === undefined ? null : whyBroken(id, first, lines);
    return { id, title, holds, detail: holds ? ok(snapshot) : listed(violations), because };
  });
}

function listed(violations: Violation[]): string {
  const shown = violations.slice(0, VIOLATIONS_SHOWN_MAX).map(({ text }) => text);
  const more = violations.length - shown.length;
  return [...shown, ...(more > 0 ? [`… and ${more} more`] : [])].join('\n');
}
