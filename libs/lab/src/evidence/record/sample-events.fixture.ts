import type { EventName, RecordEvent } from '@indoubt/record';

/** A UUID of version 7, like the ids of the lab: the ids of one run begin alike. */
export const ORDER_ID = '019a0b3e-7c11-7d2f-9a41-5f2e8c0d1b77';
export const SAGA_ID = '019a0b3e-7c12-7aa0-8b10-0c9d8e7f6a55';

const orderId = ORDER_ID;
const ids = { orderId, sagaId: SAGA_ID };
const step = { step: 'reserve-stock', messageId: `${SAGA_ID}:reserve-stock` };
const command = { ...ids, ...step, type: 'reserve-stock' };
const place = { topic: 'inventory.commands', partition: 0, offset: '0' };
const lines = [{ sku: 'tea', quantity: 1 }];
const post = {
  method: 'POST',
  path: '/orders',
  customerId: 'bob',
  lines,
  traceId: 'a'.repeat(32),
  spanId: 'b'.repeat(16),
  key: 'k1',
  caller: null,
  request: 'r1',
} as const;
const progress = {
  ...ids,
  because: 'start',
  status: 'running',
  send: ['reserve-stock'],
  local: [],
  attempts: 1,
  reason: null,
} as const;
const gid = `lab/payment/${ORDER_ID}`;
const key = `${SAGA_ID}:capture-payment`;
const ended = { pid: 4711, signal: 'SIGKILL', code: null };

type Fields<N extends EventName> = Omit<RecordEvent<N>, 'event'>;

/** One complete event of each name. */
export const SAMPLE_EVENTS: { [N in EventName]: Fields<N> } = {
  'service-ready': { port: 8080 },
  'order-placed': { ...ids, customerId: 'bob', totalCents: 1250, lines, coordination: 'saga' },
  'order-ended': { orderId, status: 'CONFIRMED', reason: null },
  'saga-advanced': progress,
  'saga-command-retried': { ...progress, because: 'reserve-stock expired', attempts: 2 },
  'answer-ignored': { ...ids, ...step, awaiting: 'capture-payment' },
  'message-sent': { ...command, topic: place.topic, outboxId: 1, waitedMs: 3, tookMs: 2 },
  'message-received': { ...command, ...place },
  'message-handled': { ...command, how: 'act', outcome: 'done', reason: null, tookMs: 2.08 },
  'message-retried': { ...command, ...place, attempt: 1, delayMs: 100, error: 'Error: no' },
  'dead-lettered': { ...place, orderId, reason: 'Error: no' },
  'lease-taken': { holder: 'relay-1', epoch: 1 },
  'relay-retried': { error: 'Error: no broker', delayMs: 500 },
  'failpoint-hit': {
    rule: 'payment:claimed-not-acted=crash',
    name: 'payment:claimed-not-acted',
    action: 'crash',
    hit: 1,
  },
  'fault-hit': { rule: 'order->kafka=cut', name: 'order->kafka', action: 'cut', hit: 1 },
  'message-fault-hit': { orderId, ...place, messageId: step.messageId, action: 'drop' },
  'process-started': { pid: 4711 },
  'process-exited': { ...ended, signal: null, code: 1 },
  'process-killed': ended,
  'process-paused': { pid: 4711 },
  'process-resumed': { pid: 4711 },
  'client-request': post,
  'client-response': { ...post, status: 202, outcome: 'ok', invokedAt: 0, returnedAt: 6 },
  'breaker-opened': { target: 'payment' },
  'breaker-half-opened': { target: 'payment' },
  'breaker-closed': { target: 'payment' },
  'transaction-begun': {
    orderId,
    participants: ['inventory', 'payment', 'order'],
    presume: 'abort',
    branches: 'parallel',
  },
  'vote-received': { orderId, from: 'payment', vote: 'yes', reason: null },
  'decision-made': {
    orderId,
    decision: 'commit',
    reason: null,
    durable: true,
    participants: ['inventory', 'payment', 'order'],
  },
  'decision-resent': { orderId, to: 'payment', decision: 'commit', attempt: 1 },
  'transaction-ended': { orderId, decision: 'commit' },
  'branch-voted': { orderId, gid, vote: 'yes', reason: null, tookMs: 4, repeated: false },
  'branch-ended': { orderId, decision: 'commit', how: 'done', heldMs: 12 },
  'outcome-requested': { orderId, gid, ageMs: 1_200, decision: 'undecided' },
  'orphan-found': { gid: 'batch-42', ageMs: 60_000 },
  'heuristic-decision': { orderId, gid, owner: 'payment', decision: 'abort' },
  'heuristic-damage': { orderId, gid, decision: 'commit', applied: 'abort' },
  'epoch-taken': { epoch: 1, recovered: 0 },
  'coordinator-superseded': {},
  'key-replayed': { key: 'k1', status: 202 },
  'key-refused': { key: 'k1', code: 'idempotency-key-in-use' },
  'key-taken-over': { key: 'k1', attempt: ORDER_ID },
  'keys-reaped': { count: 2 },
  'charge-requested': { orderId, key, amountCents: 900 },
  'charge-answered': { orderId, key, status: 'CAPTURED', attempts: 1 },
  'charge-unanswered': {
    orderId,
    key,
    reason: 'timed-out',
    mayBeCharged: true,
    attempts: 1,
    delayMs: 90,
  },
  'hold-made': { orderId, key, amountCents: 900 },
  'hold-voided': { orderId, key },
  reconciled: { orderId, key, difference: 'hold-of-nobody' },
};
