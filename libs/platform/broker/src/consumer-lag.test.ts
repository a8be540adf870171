import { expect, test } from 'vitest';
import { lagOf } from './consumer-lag.ts';

const end = (partition: number, offset: string, low = '0') => ({ partition, offset, low });

test('the lag is what lies behind the last acknowledged offset', () => {
  const lag = lagOf('saga.replies', [end(0, '12'), end(1, '5')], [{ partition: 0, offset: '9' }]);
  expect(lag).toEqual([
    { topic: 'saga.replies', partition: 0, messages: 3 },
    { topic: 'saga.replies', partition: 1, messages: 5 },
  ]);
});

test('a group that has acknowledged nothing has all that is still there before it', () => {
  const lag = lagOf('saga.replies', [end(0, '12', '4')], [{ partition: 0, offset: '-1' }]);
  expect(lag).toEqual([{ topic: 'saga.replies', partition: 0, messages: 8 }]);
});

test('what was acknowledged since the end was asked for is no debt', () => {
  const [one] = lagOf('saga.replies', [end(0, '12')], [{ partition: 0, offset: '14' }]);
  expect(one?.messages).toBe(0);
});
