import type { Scenario } from '@indoubt/lab';

export default {
  name: 'saga-orchestrator-crash',
  group: 'Crashes',
  fault: 'orchestrator dies mid-saga',
  teaches: 'the saga lives in its row, and goes on',
  coordinations: ['saga'],
  steps: [
    'Alice orders tea. Inventory reserves it and answers.',
    'The order service moves the saga and puts the next command into its outbox: one commit.',
    'Before it tells Kafka that the answer is handled, it is killed with SIGKILL.',
    'The relay is another process: it sends capture-payment meanwhile.',
    'The order service is started again and gets the same answer again. Its saga awaits another',
    'one by now, so the answer is ignored. The order is CONFIRMED, charged once.',
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
