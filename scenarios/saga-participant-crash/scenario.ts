import type { Scenario } from '@indoubt/lab';

export default {
  name: 'saga-participant-crash',
  group: 'Crashes',
  fault: 'inventory dies before it acknowledges',
  teaches: 'inbox: delivered twice, reserved once',
  coordinations: ['saga'],
  steps: [
    'Alice orders tea. Inventory commits the reservation, the inbox row and the answer.',
    'It is killed (SIGKILL) before it acknowledges the command to Kafka.',
    'Inventory is started again. Kafka has no acknowledgement, so it delivers the command again.',
    'The inbox has a row for this saga and step: inventory only repeats the answer.',
    'The saga uses the first answer and ignores the second. The order is CONFIRMED.',
  ],
  chaos: 'inventory:handled-not-acknowledged=crash@1',
  invariants: ['INV-2', 'INV-3', 'INV-6'],
  adrs: [4],
  async run(lab) {
    const order = await lab.placeOrder({
      customerId: 'alice',
      lines: [{ sku: 'tea', quantity: 2 }],
    });
    await lab.died('inventory');
    await lab.reaches(order, 'CONFIRMED');
    await lab.happened('message-handled', { orderId: order, step: 'reserve-stock', how: 'repeat' });
  },
} satisfies Scenario;
