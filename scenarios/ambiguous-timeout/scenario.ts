import type { Scenario, ScenarioLab } from '@indoubt/lab';

const TEA = { customerId: 'dora', lines: [{ sku: 'tea', quantity: 2 }] };
const LOST = 'card-processor:charged-not-answered';

/** The counts of GET /reconciliation that are not 0, as text. */
async function compared(lab: ScenarioLab): Promise<string> {
  const { counts } = (await lab.reconciliation()) as { counts?: Record<string, number> };
  if (counts === undefined) return 'the books cannot be read';
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return some.map(([kind, count]) => `${kind}: ${count}`).join(', ');
}

/** By saga, payment retries with the same key until it gets the answer. */
async function retryBySaga(lab: ScenarioLab): Promise<void> {
  // Each answer is lost until the failpoint is disarmed.
  await lab.arm(`${LOST}=pause(p=1)`);
  const order = await lab.placeOrder(TEA);
  await lab.happened('charge-unanswered', { orderId: order, attempts: 2 });
  const lost = await lab.eventually('both books can be read', async () => {
    const now = await compared(lab);
    return now === 'the books cannot be read' ? undefined : now;
  });
  lab.expect('meanwhile, reconciliation reports the lost answer', lost === 'answer-lost: 1', lost);
  const now = await lab.read(order);
  const status = now === 'in-doubt' ? now : `${now?.status}`;
  lab.expect('meanwhile, the order is PENDING', status === 'PENDING', status);
  await lab.disarm();
  await lab.reaches(order, 'CONFIRMED');
  const { status: ended, attempts } = await lab.happened('charge-answered', { orderId: order });
  const detail = `${ended} at attempt ${attempts}`;
  lab.expect('payment retried with the same key', attempts > 2, detail);
}

/** By 2pc, locks are held meanwhile: payment votes no, and the unused hold must be found. */
async function refuseBy2pc(lab: ScenarioLab): Promise<void> {
  await lab.arm(`${LOST}=pause@1`);
  const order = await lab.placeOrder(TEA);
  const { reason } = await lab.reaches(order, 'REJECTED');
  const said = `reason: ${String(reason)}`;
  lab.expect(
    'payment votes no, because the charge is in doubt',
    reason === 'payment-unavailable',
    said,
  );
  const { difference } = await lab.happened('reconciled', { orderId: order });
  const isFound = difference === 'hold-of-nobody';
  lab.expect('reconciliation finds the hold and voids it', isFound, difference);
  await lab.disarm();
}

export default {
  name: 'ambiguous-timeout',
  group: 'Resilience',
  fault: 'card charged, answer lost',
  teaches: 'after a time-out, retry with the same key',
  coordinations: ['saga', '2pc'],
  steps: [
    'Dora pays by card. The card processor charges the card, but its answer is lost.',
    'Payment times out. It does not know whether the card was charged.',
    'By saga, payment retries with the same key until it gets the answer: there is one charge.',
    'Meanwhile, reconciliation compares the books of both sides and reports the difference.',
    'By 2pc, other participants hold locks and wait: payment votes no. The order is REJECTED.',
    'Then no order needs the hold on her card: reconciliation finds the hold and voids it.',
  ],
  live: 'points',
  cards: { answerWithinMs: 1_000 },
  saga: { answerWithinMs: 15_000, attemptsMax: 4 },
  twoPhase: { prepareWithinMs: 10_000 },
  world: {
    customers: [
      { id: 'dora', name: 'Dora', card: 'card-dora', balanceCents: 0, creditLimitCents: 0 },
    ],
  },
  invariants: ['INV-3', 'INV-4', 'INV-9', 'INV-15'],
  adrs: [24, 25],
  async run(lab) {
    await (lab.coordination === 'saga' ? retryBySaga(lab) : refuseBy2pc(lab));
    await lab.quiet();
    const after = await compared(lab);
    lab.expect('afterwards both books agree on one charge', after === 'agrees: 1', after);
  },
} satisfies Scenario;
