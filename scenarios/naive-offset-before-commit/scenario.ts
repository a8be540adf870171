import type { Scenario } from '@indoubt/lab';

export default {
  name: 'naive-offset-before-commit',
  group: 'Mistakes',
  fault: 'payment dies with a message',
  teaches: 'acknowledge what is done',
  coordinations: ['saga'],
  steps: [
    'Alice orders tea. Kafka hands capture-payment to payment.',
    'With the mistake, payment tells Kafka first that it is handled, and then begins.',
    'It is killed before it has written anything, and started again.',
    'With the mistake, Kafka has no reason to deliver it again: the message is passed over.',
    'The saga hears nothing and asks again, which hides the loss: the order is CONFIRMED.',
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
