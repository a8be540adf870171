import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Advance, advance, type Input, start } from './advance.ts';
import { checkSaga, type Saga } from './definition.ts';

const placeOrder: Saga = {
  name: 'place-order',
  owner: 'order',
  steps: [
    { name: 'reserve-stock', to: 'inventory', kind: 'compensatable', undo: 'release-stock' },
    { name: 'capture-payment', to: 'payment', kind: 'pivot' },
    { name: 'confirm-order', to: 'order', kind: 'retriable' },
  ],
  whenCompensated: 'reject-order',
  answerWithinMs: 100,
  retryAfterMaxMs: 400,
  attemptsMax: 2,
};

/** A saga with three undos, to test their order. */
const journey: Saga = {
  ...placeOrder,
  name: 'journey',
  steps: [
    { name: 'book-train', to: 'train', kind: 'compensatable', undo: 'cancel-train' },
    { name: 'book-hotel', to: 'hotel', kind: 'compensatable', undo: 'cancel-hotel' },
    { name: 'book-car', to: 'car', kind: 'compensatable', undo: 'cancel-car' },
    { name: 'pay', to: 'payment', kind: 'pivot' },
    { name: 'send-tickets', to: 'post', kind: 'retriable' },
    { name: 'confirm', to: 'order', kind: 'retriable' },
  ],
};

const done = (step: string): Input => ({ kind: 'done', step });
const refused = (step: string): Input => ({ kind: 'refused', step, reason: 'no' });
const expired = (step: string): Input => ({ kind: 'expired', step });
const after = (saga: Saga, ...inputs: Input[]): Advance =>
  inputs.reduce((at, input) => advance(saga, at.progress, input), start(saga));

describe('forward', () => {
  test('a new saga commands its first step with a deadline', () => {
    expect(start(placeOrder)).toMatchObject({ send: ['reserve-stock'], waitMs: 100 });
  });
  test('once the stock is reserved, the payment is commanded', () => {
    expect(after(placeOrder, done('reserve-stock')).send).toEqual(['capture-payment']);
  });
  test('once the payment is captured, the order is confirmed in the same transaction', () => {
    const end = after(placeOrder, done('reserve-stock'), done('capture-payment'));
    expect(end).toMatchObject({ local: ['confirm-order'], send: [], waitMs: null });
    expect(end.progress.status).toBe('completed');
  });
});

describe('back', () => {
  test('if the first step is refused, nothing is undone', () => {
    const end = after(placeOrder, refused('reserve-stock'));
    expect(end).toMatchObject({ send: [], local: ['reject-order'] });
    expect(end.progress).toMatchObject({ status: 'compensated', reason: 'no' });
  });
  test('if the payment is refused, the stock is released and then the order is rejected', () => {
    const undoing = after(placeOrder, done('reserve-stock'), refused('capture-payment'));
    expect(undoing).toMatchObject({ send: ['release-stock'], local: [] });
    const end = advance(placeOrder, undoing.progress, done('release-stock'));
    expect(end.local).toEqual(['reject-order']);
    expect(end.progress.reason).toBe('no');
  });
  test('undos run one at a time in the reverse order of the steps', () => {
    const undoing = after(
      journey,
      ...['book-train', 'book-hotel', 'book-car'].map(done),
      refused('pay'),
    );
    const undone: string[] = [];
    for (let at = undoing; at.send[0] !== undefined; ) {
      undone.push(at.send[0]);
      at = advance(journey, at.progress, done(at.send[0]));
    }
    expect(undone).toEqual(['cancel-car', 'cancel-hotel', 'cancel-train']);
  });
});

describe('no answer', () => {
  test('an unanswered command is sent again with twice the time-out', () => {
    const again = after(placeOrder, expired('reserve-stock'));
    expect(again).toMatchObject({ send: ['reserve-stock'], waitMs: 200 });
  });
  test('a step before the pivot that never answers is undone, as it may have happened', () => {
    const end = after(placeOrder, expired('reserve-stock'), expired('reserve-stock'));
    expect(end.send).toEqual(['release-stock']);
    expect(end.progress.reason).toBe('timed-out');
  });
  test('the pivot is retried until it answers, and nothing is undone meanwhile', () => {
    const expiries = Array.from({ length: 9 }, () => expired('capture-payment'));
    const end = after(placeOrder, done('reserve-stock'), ...expiries);
    expect(end).toMatchObject({ send: ['capture-payment'], waitMs: 400 });
  });
  test('an undo is retried until it answers', () => {
    const refusal = [done('reserve-stock'), refused('capture-payment')];
    const expiries = Array.from({ length: 9 }, () => expired('release-stock'));
    expect(after(placeOrder, ...refusal, ...expiries).send).toEqual(['release-stock']);
  });
});

describe('late and repeated answers', () => {
  test('an answer that is not awaited changes nothing', () => {
    const at = after(placeOrder, done('reserve-stock'));
    const late = advance(placeOrder, at.progress, done('reserve-stock'));
    expect(late).toMatchObject({ ignored: true, send: [], local: [], progress: at.progress });
  });
  test('a late "done" of a step that is being undone is ignored', () => {
    const undoing = after(placeOrder, expired('reserve-stock'), expired('reserve-stock'));
    expect(advance(placeOrder, undoing.progress, done('reserve-stock')).ignored).toBe(true);
  });
  test('a saga that has ended ignores every answer', () => {
    const end = after(placeOrder, refused('reserve-stock'));
    expect(advance(placeOrder, end.progress, done('reserve-stock')).ignored).toBe(true);
  });
});

describe('a refusal that breaks the rules is a bug', () => {
  test('a refused undo is an error', () => {
    const undoing = after(placeOrder, done('reserve-stock'), refused('capture-payment'));
    expect(() => advance(placeOrder, undoing.progress, refused('release-stock'))).toThrow('undo');
  });
  test('a refused step after the pivot is an error', () => {
    const booked = ['book-train', 'book-hotel', 'book-car', 'pay'].map(done);
    expect(() => after(journey, ...booked, refused('send-tickets'))).toThrow('past the pivot');
  });
});

/** Runs a random history of answers, changed to legal ones where needed. */
function run(saga: Saga, history: string[]): { at: Advance; commanded: string[]; acted: string[] } {
  const commanded: string[] = [];
  const acted: string[] = [];
  let at = start(saga);
  for (const kind of history) {
    commanded.push(...at.send);
    const step = at.progress.awaiting;
    if (step === null) break;
    const undoing = at.progress.status === 'compensating';
    const retriable = saga.steps.some((s) => s.name === step && s.kind === 'retriable');
    const legal = kind === 'refused' && (undoing || retriable) ? 'done' : kind;
    if (legal === 'done' && !undoing) acted.push(step);
    // Late: the answer of a step that is not awaited, or of an unknown step.
    const first = saga.steps[0]?.name ?? '';
    const late = done(first === step ? 'unknown-step' : first);
    const input = { kind: legal, step, reason: 'no' } as Input;
    at = advance(saga, at.progress, legal === 'late' ? late : input);
  }
  return { at, commanded, acted };
}

describe('any history', () => {
  const outcome = fc.constantFrom('done', 'refused', 'expired', 'late');

  test.each([placeOrder, journey])(
    'the saga $name undoes its steps in reverse, and undoes nothing after its pivot',
    (saga) => {
      fc.assert(
        fc.property(fc.array(outcome, { maxLength: 60 }), (history) => {
          const { at, commanded, acted } = run(saga, history);
          const pivot = saga.steps.find((step) => step.kind === 'pivot')?.name ?? '';
          const undos = saga.steps.flatMap((step) => ('undo' in step ? [step.undo] : []));
          const undone = [...new Set(commanded.filter((name) => undos.includes(name)))];
          const reverse = undos.toReversed();
          expect(undone).toEqual(reverse.filter((name) => undone.includes(name)));
          if (acted.includes(pivot)) expect(undone).toEqual([]);
          if (at.progress.status === 'compensated') {
            for (const step of saga.steps) {
              if ('undo' in step && acted.includes(step.name)) expect(undone).toContain(step.undo);
            }
          }
        }),
      );
    },
  );

  test('a saga whose commands are all answered ends', () => {
    fc.assert(
      fc.property(fc.array(outcome, { maxLength: 20 }), (history) => {
        const answered = [...history, ...Array.from({ length: 20 }, () => 'done')];
        expect(run(journey, answered).at.progress.awaiting).toBeNull();
      }),
    );
  });
});

describe('the check of a definition', () => {
  test('the definitions in this test are valid', () => {
    expect(() => [placeOrder, journey].forEach(checkSaga)).not.toThrow();
  });
  test.each([
    ['a pivot before a compensatable step', [1, 0, 2], 'compensatable steps, then the pivot'],
    ['no pivot', [0, 2], 'exactly one step is the pivot'],
  ])('a definition with %s is refused', (_, order, message) => {
    const steps = order.flatMap((index) => placeOrder.steps[index] ?? []);
    expect(() => checkSaga({ ...placeOrder, steps })).toThrow(message);
  });
});
