import type { Scenario } from '@indoubt/lab';

export default {
  name: 'saga-orchestrator-crash',
  group: 'Crashes',
  fault: 'orchestrator dies mid-saga',
  teaches: 'the saga is stored, so it continues',
  coordinations: ['saga'],
  steps: [
    'Alice orders tea. Inventory reserves it and answers.',
    'The order service advances the saga and writes the next command to its outbox: one commit.',
    'It is killed (SIGKILL) before it acknowledges the answer to Kafka.',
    'The relay is a separate process: it sends capture-payment meanwhile.',
    'The order service is started again, and Kafka delivers the same answer again.',
    'The saga now awaits a different answer, so it ignores this one. CONFIRMED, charged once.',
  ],
  chaos: 'order:handled-not-acknowledged=crash@1',
  invariants: ['INV-3', 'INV-6', 'INV-9'],
  adrs: [2],
  async run(lab) {
    const order = await lab.placeOrder({
      customerId: 'alice',
      lines: [{ sku: 'tea', quantity: 1 }],
    });
    await lab.died('order');
    await lab.reaches(order, 'CONFIRMED');
    await lab.happened('answer-ignored', { orderId: order, step: 'reserve-stock' });
  },
} satisfies Scenario;
