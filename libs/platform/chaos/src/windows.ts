/**
 * The named windows in which a fault may hit a process. The name of a window says what has happened
 * and what has not; the entry says the same in two sentences. A scenario, a whole-lab test or the
 * crash matrix hits each window (test/architecture checks that).
 */
export const WINDOWS = {
  'keyed-not-placed': {
    of: ['order'],
    coordination: 'both',
    happened: 'the idempotency key is claimed (2pc: committed, with a lease)',
    not: 'the order is not placed. saga: the claim is rolled back. 2pc: the lease must end first',
  },
  'reclaimed-not-placed': {
    of: ['order'],
    coordination: '2pc',
    happened: 'the retry has taken over the key of an attempt that died',
    not: 'the order is not placed: the next retry takes over the key once more',
  },
  'refused-not-committed': {
    of: ['order'],
    coordination: 'both',
    happened: 'a refusal is stored under its key, in an open transaction',
    not: 'the refusal is not committed: a retry of the request is decided anew',
  },
  'placed-not-committed': {
    of: ['order'],
    coordination: 'saga',
    happened: 'order, saga and first command are written in an open transaction',
    not: 'they are not committed: the client gets an error, and no order exists',
  },
  'placed-not-answered': {
    of: ['order'],
    coordination: 'both',
    happened: 'the order is committed (2pc: decided)',
    not: 'the client has no answer: it cannot know whether the order was placed',
  },
  'aborted-not-stored': {
    of: ['order'],
    coordination: '2pc',
    happened: "the order's transaction is aborted in all services",
    not: "REJECTED and the key's answer are not stored: the retry places the order anew",
  },
  'received-not-handled': {
    of: ['order', 'inventory', 'payment'],
    coordination: 'saga',
    happened: 'the service has received a message from Kafka',
    not: 'nothing is read or written for the message: Kafka delivers it again',
  },
  'claimed-not-acted': {
    of: ['inventory', 'payment'],
    coordination: 'saga',
    happened: "the command's inbox row is written in an open transaction",
    not: 'the step is not done: the row is rolled back, and Kafka delivers the command again',
  },
  'captured-not-answered': {
    of: ['payment'],
    coordination: 'both',
    happened: 'the money is captured in an open transaction',
    not: 'no answer is written and no vote is sent: the capture is rolled back',
  },
  'requested-not-charged': {
    of: ['payment'],
    coordination: 'saga',
    happened: 'payment has committed a row that says which card to charge',
    not: 'the card processor has no request: the next poll of the row sends the request',
  },
  'received-not-charged': {
    of: ['card-processor'],
    coordination: 'both',
    happened: 'the card processor has received the request',
    not: 'its books have no entry: it carries the request out when payment retries',
  },
  'charged-not-answered': {
    of: ['card-processor'],
    coordination: 'both',
    happened: 'the charge, hold or void is in the books of the card processor',
    not: 'payment has no answer: payment cannot know whether the card is charged',
  },
  'charged-not-recorded': {
    of: ['payment'],
    coordination: 'both',
    happened: 'the card processor has answered payment that the card is charged',
    not: 'payment has not stored the answer: it sends the request again, with the same key',
  },
  'held-not-worked': {
    of: ['payment'],
    coordination: '2pc',
    happened: 'the card processor holds the amount',
    not: 'the branch has not begun: the hold belongs to no branch, and reconciliation voids it',
  },
  'acted-not-committed': {
    of: ['inventory', 'payment'],
    coordination: 'saga',
    happened: 'effect, inbox row and answer are written in an open transaction',
    not: 'they are not committed: all are rolled back, and Kafka delivers the command again',
  },
  'advanced-not-committed': {
    of: ['order'],
    coordination: 'saga',
    happened: "the saga's new state and its next command are written",
    not: 'they are not committed: the saga is unchanged, and Kafka delivers the answer again',
  },
  'handled-not-acknowledged': {
    of: ['order', 'inventory', 'payment'],
    coordination: 'saga',
    happened: 'the effect of the message is committed',
    not: "Kafka's offset is not committed: Kafka delivers the same message again",
  },
  'acknowledged-not-continued': {
    of: ['order', 'inventory', 'payment'],
    coordination: 'saga',
    happened: "Kafka's offset is committed",
    not: 'the next message is not handled yet: it is late, but not lost',
  },
  'expired-not-committed': {
    of: ['order'],
    coordination: 'saga',
    happened: 'a deadline has passed, and the new state of the saga is written',
    not: 'the new state is not committed: the same deadline is found again',
  },
  'expired-not-continued': {
    of: ['order'],
    coordination: 'saga',
    happened: 'the effect of a deadline is committed',
    not: 'other deadlines that have passed are not handled yet',
  },
  'leased-not-claimed': {
    of: ['relay-order', 'relay-inventory', 'relay-payment'],
    coordination: 'saga',
    happened: 'the relay has taken or renewed the lease of the outbox',
    not: 'no row is read: no other relay may publish until the lease ends',
  },
  'claimed-not-published': {
    of: ['relay-order', 'relay-inventory', 'relay-payment'],
    coordination: 'saga',
    happened: 'the relay has read unpublished rows of the outbox',
    not: 'Kafka has no message of these rows: a relay reads them again',
  },
  'published-not-marked': {
    of: ['relay-order', 'relay-inventory', 'relay-payment'],
    coordination: 'saga',
    happened: 'Kafka has the messages',
    not: 'the outbox rows are not marked as published: the messages are published again',
  },
  'marked-not-continued': {
    of: ['relay-order', 'relay-inventory', 'relay-payment'],
    coordination: 'saga',
    happened: 'the outbox rows are marked as published',
    not: 'the relay has not read further rows',
  },
  'received-not-worked': {
    of: ['inventory', 'payment', 'order'],
    coordination: '2pc',
    happened: 'the participant has received the prepare request',
    not: 'no work is done: the coordinator gets no vote',
  },
  'worked-not-prepared': {
    of: ['inventory', 'payment', 'order'],
    coordination: '2pc',
    happened: "the branch's work is done in an open transaction",
    not: 'the branch is not prepared: its work is rolled back',
  },
  'prepared-not-voted': {
    of: ['inventory', 'payment', 'order'],
    coordination: '2pc',
    happened: 'the branch is prepared and on disk',
    not: 'the coordinator has no vote: the branch is in doubt',
  },
  'received-not-finished': {
    of: ['inventory', 'payment', 'order'],
    coordination: '2pc',
    happened: 'the participant has received the decision',
    not: 'COMMIT or ROLLBACK PREPARED has not run: the branch still holds its locks',
  },
  'finished-not-acknowledged': {
    of: ['inventory', 'payment', 'order'],
    coordination: '2pc',
    happened: 'the branch is committed or rolled back',
    not: 'the coordinator has no acknowledgement: it sends the decision again',
  },
  'found-not-queried': {
    of: ['inventory', 'payment', 'order'],
    coordination: '2pc',
    happened: 'recovery has found a branch in doubt',
    not: 'the coordinator has not been asked for the decision',
  },
  'learnt-not-finished': {
    of: ['inventory', 'payment', 'order'],
    coordination: '2pc',
    happened: 'recovery has received the decision from the coordinator',
    not: 'the branch has not ended: recovery finds it and asks the coordinator again',
  },
  'begun-not-sent': {
    of: ['coordinator'],
    coordination: '2pc',
    happened: 'the coordinator has begun a global transaction',
    not: 'no participant has received the prepare request',
  },
  'voted-not-decided': {
    of: ['coordinator'],
    coordination: '2pc',
    happened: 'all participants have voted yes',
    not: 'the decision is not in the log: the transaction will be aborted',
  },
  'decided-not-sent': {
    of: ['coordinator'],
    coordination: '2pc',
    happened: 'the decision is durable in the log',
    not: 'no participant has the decision: the next coordinator sends it',
  },
  'due-not-sent': {
    of: ['coordinator'],
    coordination: '2pc',
    happened: 'the coordinator is about to send the decision to a participant (one hit for each)',
    not: 'the decision has not been sent to this participant',
  },
  'acknowledged-not-stored': {
    of: ['coordinator'],
    coordination: '2pc',
    happened: 'a participant has acknowledged the decision',
    not: 'the coordinator has not stored the acknowledgement: it sends the decision once more',
  },
  'acknowledged-not-ended': {
    of: ['coordinator'],
    coordination: '2pc',
    happened: 'all participants have acknowledged the decision',
    not: 'the log does not say that the transaction has ended: the decision is sent once more',
  },
  'recovered-not-sent': {
    of: ['coordinator'],
    coordination: '2pc',
    happened: 'a new coordinator has its epoch and has read the log',
    not: 'decisions of open transactions have not been sent again',
  },
} as const satisfies Record<string, Window>;

export interface Window {
  /** The processes that pass through the window. */
  of: readonly string[];
  /** The coordination whose orders pass through the window. */
  coordination: 'saga' | '2pc' | 'both';
  happened: string;
  not: string;
}
