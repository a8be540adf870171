import type { Scenario } from '@indoubt/lab';

export default {
  name: 'naive-mark-before-publish',
  group: 'Mistakes',
  fault: 'the relay dies before it sends',
  teaches: 'publish first, then mark',
  coordinations: ['saga'],
  steps: [
    'Alice orders tea. The relay reads reserve-stock from the outbox.',
    'With the mistake, it marks the row as published first, to avoid sending it twice.',
    'The relay is killed before Kafka has the message, and started again.',
    'With the mistake, the new relay finds no unmarked row: the command is lost.',
    'The saga gets no answer and sends the command again. That hides the loss: CONFIRMED.',
  ],
  variant: 'mark-before-publish',
  chaos: 'relay-order:claimed-not-published=crash@1',
  invariants: ['INV-7'],
  adrs: [3, 22],
  saga: { answerWithinMs: 1_000, attemptsMax: 4 },
  async run(lab) {
    const tea = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] };
    await lab.reaches(await lab.placeOrder(tea), 'CONFIRMED');
  },
} satisfies Scenario;
