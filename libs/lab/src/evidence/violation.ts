/** What a checker can find, grouped by invariant. Explained in docs/invariants.md. */
export type ViolationKind =
  // INV-1
  | 'account-out-of-balance'
  | 'payment-without-account'
  // INV-2
  | 'stock-out-of-balance'
  | 'stock-unlike-reservations'
  | 'stock-below-zero'
  | 'reservation-of-made-to-order'
  | 'reservation-of-unknown-sku'
  // INV-3
  | 'nothing-captured'
  | 'captured-several-times'
  | 'captured-for-nothing'
  | 'captured-otherwise'
  | 'nothing-held'
  | 'held-several-times'
  | 'held-otherwise'
  | 'held-without-need'
  | 'complete-but-not-confirmed'
  // INV-4
  | 'rejected-but-captured'
  | 'rejected-but-held'
  | 'unknown-but-captured'
  | 'unknown-but-held'
  | 'empty-but-not-rejected'
  // INV-5
  | 'accepted-but-missing'
  | 'accepted-for-another-customer'
  | 'accepted-with-other-lines'
  | 'total-unlike-lines'
  | 'answer-does-not-stand'
  // INV-6
  | 'reserved-several-times'
  | 'payment-decided-several-times'
  | 'inbox-row-of-unknown-saga'
  | 'inbox-row-of-2pc-order'
  | 'inbox-row-without-answer'
  | 'effect-without-inbox-row'
  | 'effect-of-aborted-branch'
  | 'effect-without-branch'
  | 'branch-without-payment'
  | 'branch-without-reservation'
  | 'answered-without-payment'
  | 'answered-without-reservation'
  | 'released-but-held'
  | 'release-refused'
  | 'answer-without-inbox-row'
  // INV-7
  | 'message-lost'
  | 'message-from-nowhere'
  // INV-8
  | 'messages-in-several-partitions'
  | 'messages-out-of-order'
  // INV-9
  | 'order-pending'
  | 'saga-open'
  | 'message-unpublished'
  | 'transaction-undecided'
  | 'transaction-unacknowledged'
  | 'branch-prepared'
  | 'dead-letter'
  // INV-10
  | 'saga-of-2pc-order'
  | 'order-without-saga'
  | 'several-sagas'
  | 'saga-unlike-order'
  | 'saga-without-order'
  | 'messages-of-2pc-order'
  | 'undo-without-action'
  | 'undo-of-completed-saga'
  // INV-11
  | 'branch-against-decision'
  | 'branch-without-decision'
  | 'branch-not-in-decision'
  | 'one-phase-but-not-alone'
  | 'branch-missing'
  | 'heuristic-damage'
  | 'operator-against-decision'
  | 'operator-without-decision'
  | 'rejected-but-branch-committed'
  | 'order-without-own-branch'
  | 'own-branch-without-order'
  // INV-12
  | 'answer-unexplained'
  // INV-13
  | 'message-passed-over'
  // INV-14
  | 'key-with-several-orders'
  | 'key-for-several-requests'
  | 'key-answered-differently'
  | 'key-not-stored'
  | 'key-unlike-answer'
  | 'key-in-progress'
  | 'key-of-missing-order'
  // INV-15
  | 'charge-open'
  | 'card-still-held'
  | 'charge-unknown-to-payment'
  | 'charge-unknown-to-processor'
  | 'charges-differ'
  | 'charged-but-not-confirmed'
  | 'charged-several-times'
  | 'charged-other-than-total'
  | 'payment-unlike-charge';

/** Rows that contradict an invariant: as data for programs, and in one line for people. */
export interface Violation {
  kind: ViolationKind;
  /** The step that the rows are about: of a saga, or the same work in 2PC. */
  step?: string;
  about: About;
  text: string;
}

/** The ids that the rows are about, in full; the text shortens them. */
export interface About {
  orderId?: string;
  /** For a key with two orders: the second order. */
  otherOrderId?: string;
  sagaId?: string;
  transactionId?: string;
  /** Of a branch: its id in its database. */
  gid?: string;
  messageId?: string;
  sku?: string;
  customerId?: string;
  /** The idempotency key. */
  key?: string;
  /**
   * The response that a client got, identified by the time at which it arrived. Epoch milliseconds.
   */
  answeredAt?: number;
}

/** The width of every output of the lab. */
const COLUMNS_MAX = 100;
// A UUIDv7 begins with the time, which is similar for all ids of a run. The end tells rows apart.
const UUID = /\b([0-9a-f]{4})[0-9a-f]{4}(?:-[0-9a-f]{4}){3}-[0-9a-f]{6}([0-9a-f]{6})\b/g;

/** @param text  its UUIDs are shortened, and the text is cut to the width of a line */
export function violation(
  kind: ViolationKind,
  about: About,
  text: string,
  step?: string,
): Violation {
  const short = text.replaceAll(UUID, '$1…$2');
  return {
    kind,
    ...(step !== undefined && { step }),
    about,
    text: short.length <= COLUMNS_MAX ? short : `${short.slice(0, COLUMNS_MAX - 1)}…`,
  };
}
