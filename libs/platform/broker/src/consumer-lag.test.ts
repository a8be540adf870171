import { expect, test } from 'vitest';
import { lagOf } from './consumer-lag.ts';

const end = (partition: number, offset: string, low = '0') => ({ partition, offset, low });

test('the lag is the number of messages after the last acknowledged offset', () => {
  const lag = lagOf('saga.replies', [end(0, '12'), end(1, '5')], [{ partition: 0, offset: '9' }]);
  expect(lag).toEqual([
    { topic: 'saga.replies', partition: 0, messages: 3 },
    { topic: 'saga.replies', partition: 1, messages: 5 },
  ]);
});

test('the lag of a group without acknowledgements is the number of messages on the topic', () => {
  const lag = lagOf('saga.replies', [end(0, '12', '4')], [{ partition: 0, offset: '-1' }]);
  expect(lag).toEqual([{ topic: 'saga.replies', partition: 0, messages: 8 }]);
});

test('the lag is 0 when the group has acknowledged more than the end that was read before', () => {
  const [one] = lagOf('saga.replies', [end(0, '12')], [{ partition: 0, offset: '14' }]);
  expect(one?.messages).toBe(0);
});
