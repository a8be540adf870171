/**
 * The named windows in which a process may be hit by a fault. A name says what has happened and
 * what has not; the entry says it in full. Each is hit by a scenario, a whole-lab test or the crash
 * matrix (test/architecture checks).
 */
export const WINDOWS = {
  'keyed-not-placed': {
    of: ['order'],
    way: 'both',
    happened: 'the idempotency key is claimed (2pc: committed, with a lease)',
    not: 'nothing is placed: by saga the claim is lost with it, by 2pc its lease has to end',
  },
  'reclaimed-not-placed': {
    of: ['order'],
    way: '2pc',
    happened: 'the key of an attempt that died is taken over',
    not: 'nothing is placed: the next attempt takes it over once more',
  },
  'refused-not-committed': {
    of: ['order'],
    way: 'both',
    happened: 'a refusal is stored under its key, in an open transaction',
    not: 'it is not committed: the same request is looked at anew',
  },
  'placed-not-committed': {
    of: ['order'],
    way: 'saga',
    happened: 'order, saga and first command are written',
    not: 'nothing of it is committed: the client hears an error, and nothing is there',
  },
  'placed-not-answered': {
    of: ['order'],
    way: 'both',
    happened: 'the order is committed (2pc: decided)',
    not: 'the client has not heard so: for the client it may have happened',
  },
  'aborted-not-stored': {
    of: ['order'],
    way: '2pc',
    happened: 'the transaction of an order is aborted, everywhere',
    not: "that it is REJECTED, and its key's answer, are not written: the next attempt places anew",
  },
  'received-not-handled': {
    of: ['order', 'inventory', 'payment'],
    way: 'saga',
    happened: 'a message has come from Kafka',
    not: 'nothing is read or written for it: it comes again',
  },
  'claimed-not-acted': {
    of: ['inventory', 'payment'],
    way: 'saga',
    happened: "the command's inbox row is claimed in an open transaction",
    not: 'the step itself is not done: both are lost together, and the command comes again',
  },
  'captured-not-answered': {
    of: ['payment'],
    way: 'both',
    happened: 'the money is captured, in an open transaction',
    not: 'neither answer nor vote is given: capture and answer are lost together',
  },
  'requested-not-charged': {
    of: ['payment'],
    way: 'saga',
    happened: 'a charge of a card is written down, to be asked for',
    not: 'the card processor has not been asked: whoever looks next asks it',
  },
  'asked-not-charged': {
    of: ['card-processor'],
    way: 'both',
    happened: 'the card processor has read what it is asked',
    not: 'nothing is in its books: asked again, it does it',
  },
  'charged-not-answered': {
    of: ['card-processor'],
    way: 'both',
    happened: 'the charge, hold or void is in the books of the card processor',
    not: 'whoever asked has not heard so: for them it may have happened',
  },
  'charged-not-recorded': {
    of: ['payment'],
    way: 'both',
    happened: 'the card processor has answered that the card is charged',
    not: 'payment has not written it down: it asks again, with the same key',
  },
  'held-not-worked': {
    of: ['payment'],
    way: '2pc',
    happened: 'the card processor holds the amount',
    not: "the branch is not begun: the hold is nobody's, until reconciliation voids it",
  },
  'acted-not-committed': {
    of: ['inventory', 'payment'],
    way: 'saga',
    happened: 'effect, inbox row and answer are written',
    not: 'they are not committed: all of it is lost, and the command comes again',
  },
  'advanced-not-committed': {
    of: ['order'],
    way: 'saga',
    happened: 'the saga has moved and its next command is written',
    not: 'it is not committed: the saga is where it was, and the answer comes again',
  },
  'handled-not-acknowledged': {
    of: ['order', 'inventory', 'payment'],
    way: 'saga',
    happened: 'what the message caused is committed',
    not: "Kafka's offset is not: the same message comes again",
  },
  'acknowledged-not-continued': {
    of: ['order', 'inventory', 'payment'],
    way: 'saga',
    happened: "Kafka's offset is committed",
    not: 'the next message is not looked at: nothing is lost, only late',
  },
  'expired-not-committed': {
    of: ['order'],
    way: 'saga',
    happened: 'a deadline has fired: the saga has moved',
    not: 'it is not committed: the same deadline fires again',
  },
  'expired-not-continued': {
    of: ['order'],
    way: 'saga',
    happened: 'what a deadline caused is committed',
    not: 'no other deadline is looked at',
  },
  'leased-not-claimed': {
    of: ['relay-order', 'relay-inventory', 'relay-payment'],
    way: 'saga',
    happened: 'the lease of the outbox is taken or renewed',
    not: 'no row is read: until the lease ends, nobody else may publish',
  },
  'claimed-not-published': {
    of: ['relay-order', 'relay-inventory', 'relay-payment'],
    way: 'saga',
    happened: 'unpublished outbox rows are read',
    not: 'Kafka has none of them: they are read again',
  },
  'published-not-marked': {
    of: ['relay-order', 'relay-inventory', 'relay-payment'],
    way: 'saga',
    happened: 'Kafka has the messages',
    not: 'the outbox rows are unmarked: they are published again',
  },
  'marked-not-continued': {
    of: ['relay-order', 'relay-inventory', 'relay-payment'],
    way: 'saga',
    happened: 'the outbox rows are marked as published',
    not: 'the relay has not looked for more',
  },
  'received-not-worked': {
    of: ['inventory', 'payment', 'order'],
    way: '2pc',
    happened: 'the participant has received prepare',
    not: 'no work is done: the coordinator gets no vote',
  },
  'worked-not-prepared': {
    of: ['inventory', 'payment', 'order'],
    way: '2pc',
    happened: "the branch's work is done in an open transaction",
    not: 'the branch is not prepared: the work is lost',
  },
  'prepared-not-voted': {
    of: ['inventory', 'payment', 'order'],
    way: '2pc',
    happened: 'the branch is prepared and on disk',
    not: 'the coordinator has not heard the vote: in doubt',
  },
  'told-not-finished': {
    of: ['inventory', 'payment', 'order'],
    way: '2pc',
    happened: 'the participant has heard the decision',
    not: 'COMMIT or ROLLBACK PREPARED is not sent: its locks are still held',
  },
  'finished-not-acknowledged': {
    of: ['inventory', 'payment', 'order'],
    way: '2pc',
    happened: 'the branch is committed or rolled back',
    not: 'the coordinator does not know, and tells it again',
  },
  'found-not-asked': {
    of: ['inventory', 'payment', 'order'],
    way: '2pc',
    happened: 'recovery has found a branch in doubt',
    not: 'the coordinator has not been asked about it',
  },
  'learnt-not-finished': {
    of: ['inventory', 'payment', 'order'],
    way: '2pc',
    happened: 'recovery has learnt the decision',
    not: 'the branch is not ended: it is found and asked about again',
  },
  'begun-not-asked': {
    of: ['coordinator'],
    way: '2pc',
    happened: 'a global transaction is begun',
    not: 'no participant is asked to prepare',
  },
  'voted-not-decided': {
    of: ['coordinator'],
    way: '2pc',
    happened: 'all have voted yes',
    not: 'the decision is not written: nobody can know it, it becomes an abort',
  },
  'decided-not-told': {
    of: ['coordinator'],
    way: '2pc',
    happened: 'the decision is durable',
    not: 'nobody has heard it. It stands: the next coordinator tells it',
  },
  'due-not-told': {
    of: ['coordinator'],
    way: '2pc',
    happened: 'a participant is about to be told the decision (one hit for each of them)',
    not: 'it has not been sent',
  },
  'told-not-noted': {
    of: ['coordinator'],
    way: '2pc',
    happened: 'a participant has acknowledged the decision',
    not: 'the coordinator has not noted it: it is told once more',
  },
  'told-not-ended': {
    of: ['coordinator'],
    way: '2pc',
    happened: 'all have acknowledged',
    not: 'the log does not say so yet: they are told once more',
  },
  'recovered-not-told': {
    of: ['coordinator'],
    way: '2pc',
    happened: 'a new coordinator has its epoch and has read the log',
    not: 'nobody has been told again what was left open',
  },
} as const satisfies Record<string, Window>;

export interface Window {
  /** The processes that come through it. */
  of: readonly string[];
  /** Which way of placing orders comes through it. */
  way: 'saga' | '2pc' | 'both';
  happened: string;
  not: string;
}
