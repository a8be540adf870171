import type { Scenario } from '@indoubt/lab';

export default {
  name: 'naive-offset-before-commit',
  group: 'Mistakes',
  fault: 'payment dies before it handles a message',
  teaches: 'acknowledge after the commit',
  coordinations: ['saga'],
  steps: [
    'Alice orders tea. Kafka delivers capture-payment to payment.',
    'With the mistake, payment first acknowledges the message to Kafka, and then starts the work.',
    'Payment is killed before it has written anything, and started again.',
    'With the mistake, Kafka does not deliver the message again: the message is skipped.',
    'The saga gets no answer and sends the command again. That hides the loss: CONFIRMED.',
  ],
  variant: 'offset-before-commit',
  chaos: 'payment:received-not-handled=crash@1',
  invariants: ['INV-13'],
  adrs: [4, 22],
  saga: { answerWithinMs: 1_000, attemptsMax: 4 },
  async run(lab) {
    const tea = { customerId: 'alice', lines: [{ sku: 'tea', quantity: 1 }] };
    await lab.reaches(await lab.placeOrder(tea), 'CONFIRMED');
  },
} satisfies Scenario;
