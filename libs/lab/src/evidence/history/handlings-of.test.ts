import type { RecordLine } from '@indoubt/record';
import { expect, test } from 'vitest';
import { handlingsOf } from './handlings-of.ts';

const line = (event: string, fields: object): RecordLine =>
  ({ kind: 'event', event, process: 'order', pid: 1, at: 0, ...fields }) as unknown as RecordLine;

test('every committed handling counts, repeats and late answers too; a deadline is none', () => {
  const lines = [
    line('message-received', { messageId: 'a' }),
    line('message-handled', { messageId: 'a', how: 'act' }),
    line('message-handled', { messageId: 'a', how: 'repeat' }),
    line('saga-advanced', { messageId: 'a:answer' }),
    line('answer-ignored', { messageId: 'a:answer' }),
    line('saga-asked-again', { because: 'a expired' }),
  ];
  const ids = handlingsOf(lines).handled.map(({ messageId }) => messageId);
  expect(ids).toEqual(['a', 'a', 'a:answer', 'a:answer']);
});

test('a message that a fault took away counts once for each place on its topic', () => {
  const dropped = { messageId: 'a', action: 'drop', topic: 't', partition: 0, offset: '7' };
  const lines = [
    line('message-fault-hit', dropped),
    line('message-fault-hit', dropped),
    line('message-fault-hit', { ...dropped, offset: '8' }),
    line('message-fault-hit', { ...dropped, offset: '9', action: 'duplicate' }),
    line('message-fault-hit', { messageId: 'a', action: 'drop', topic: 't' }),
  ];
  expect(handlingsOf(lines).dropped.map(({ place }) => place)).toEqual(['t/0/7', 't/0/8']);
});
