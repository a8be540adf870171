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

/** Three undos in a row, to see their order. */
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
  test('the first step is commanded, with a deadline', () => {
    expect(start(placeOrder)).toMatchObject({ send: ['reserve-stock'], waitMs: 100 });
  });
  test('stock reserved: charge', () => {
    expect(after(placeOrder, done('reserve-stock')).send).toEqual(['capture-payment']);
  });
  test('charged: the order is confirmed in the same transaction, and nothing is awaited', () => {
    const end = after(placeOrder, done('reserve-stock'), done('capture-payment'));
    expect(end).toMatchObject({ local: ['confirm-order'], send: [], waitMs: null });
    expect(end.progress.status).toBe('completed');
  });
});

describe('back', () => {
  test('out of stock: nothing happened, so nothing is undone', () => {
    const end = after(placeOrder, refused('reserve-stock'));
    expect(end).toMatchObject({ send: [], local: ['reject-order'] });
    expect(end.progress).toMatchObject({ status: 'compensated', reason: 'no' });
  });
  test('payment refused: release the stock, then reject', () => {
    const undoing = after(placeOrder, done('reserve-stock'), refused('capture-payment'));
    expect(undoing).toMatchObject({ send: ['release-stock'], local: [] });
    const end = advance(placeOrder, undoing.progress, done('release-stock'));
    expect(end.local).toEqual(['reject-order']);
    expect(end.progress.reason).toBe('no');
  });
  test('compensations run in reverse, one after the other', () => {
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

describe('no answer is indefinite', () => {
  test('the same command is sent again, with twice the patience', () => {
    const again = after(placeOrder, expired('reserve-stock'));
    expect(again).toMatchObject({ send: ['reserve-stock'], waitMs: 200 });
  });
  test('time is up before the pivot: undone, for it may have happened', () => {
    const end = after(placeOrder, expired('reserve-stock'), expired('reserve-stock'));
    expect(end.send).toEqual(['release-stock']);
    expect(end.progress.reason).toBe('timed-out');
  });
  test('the pivot is asked until it answers: nothing is undone on a guess', () => {
    const expiries = Array.from({ length: 9 }, () => expired('capture-payment'));
    const end = after(placeOrder, done('reserve-stock'), ...expiries);
    expect(end).toMatchObject({ send: ['capture-payment'], waitMs: 400 });
  });
  test('an undo is asked until it answers', () => {
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
  test('reserved after all, when the undo is already out: ignored, the undo will do it', () => {
    const undoing = after(placeOrder, expired('reserve-stock'), expired('reserve-stock'));
    expect(advance(placeOrder, undoing.progress, done('reserve-stock')).ignored).toBe(true);
  });
  test('nothing moves a saga that has ended', () => {
    const end = after(placeOrder, refused('reserve-stock'));
    expect(advance(placeOrder, end.progress, done('reserve-stock')).ignored).toBe(true);
  });
});

describe('refusals that break the rules are bugs, said loudly', () => {
  test('an undo must not be refused', () => {
    const undoing = after(placeOrder, done('reserve-stock'), refused('capture-payment'));
    expect(() => advance(placeOrder, undoing.progress, refused('release-stock'))).toThrow('undo');
  });
  test('what follows the pivot must not be refused', () => {
    const booked = ['book-train', 'book-hotel', 'book-car', 'pay'].map(done);
    expect(() => after(journey, ...booked, refused('send-tickets'))).toThrow('past the pivot');
  });
});

/** Runs a random history against the participant that is asked; legal answers only. */
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
    // Late: the answer of a step that is not awaited, or of one that never was.
    const first = saga.steps[0]?.name ?? '';
    const late = done(first === step ? 'nobody asked' : first);
    const input = { kind: legal, step, reason: 'no' } as Input;
    at = advance(saga, at.progress, legal === 'late' ? late : input);
  }
  return { at, commanded, acted };
}

describe('whatever happens, in whatever order', () => {
  const outcome = fc.constantFrom('done', 'refused', 'expired', 'late');

  test.each([placeOrder, journey])(
    '$name: undone exactly in reverse, never past the pivot',
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

  test('a saga that is answered ends', () => {
    fc.assert(
      fc.property(fc.array(outcome, { maxLength: 20 }), (history) => {
        const answered = [...history, ...Array.from({ length: 20 }, () => 'done')];
        expect(run(journey, answered).at.progress.awaiting).toBeNull();
      }),
    );
  });
});

describe('a definition is checked', () => {
  test('the lab saga and the longer one are well formed', () => {
    expect(() => [placeOrder, journey].forEach(checkSaga)).not.toThrow();
  });
  test.each([
    ['a pivot before a compensatable step', [1, 0, 2], 'compensatable steps, then the pivot'],
    ['no pivot', [0, 2], 'exactly one step is the pivot'],
  ])('%s', (_, order, message) => {
    const steps = order.flatMap((index) => placeOrder.steps[index] ?? []);
    expect(() => checkSaga({ ...placeOrder, steps })).toThrow(message);
  });
});
