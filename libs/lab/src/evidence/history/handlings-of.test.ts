import type { EventName } from '@indoubt/record';
import { expect, test } from 'vitest';
import { eventLine, type SampleEvent } from '../record/sample-lines.fixture.ts';
import { handlingsOf } from './handlings-of.ts';

const line = <N extends EventName>(event: SampleEvent<N>) => eventLine('order', 0, event);

test('committed handlings include repeats and late answers, but not deadlines', () => {
  const lines = [
    line({ event: 'message-received', messageId: 'a' }),
    line({ event: 'message-handled', messageId: 'a', how: 'act' }),
    line({ event: 'message-handled', messageId: 'a', how: 'repeat' }),
    line({ event: 'saga-advanced', messageId: 'a:answer' }),
    line({ event: 'answer-ignored', messageId: 'a:answer' }),
    line({ event: 'saga-command-retried', because: 'a expired' }),
  ];
  const ids = handlingsOf(lines).handled.map(({ messageId }) => messageId);
  expect(ids).toEqual(['a', 'a', 'a:answer', 'a:answer']);
});

test('a dropped message counts once for each place on its topic', () => {
  const dropped = {
    messageId: 'a',
    action: 'drop',
    topic: 't',
    partition: 0,
    offset: '7',
  } as const;
  const lines = [
    line({ event: 'message-fault-hit', ...dropped }),
    line({ event: 'message-fault-hit', ...dropped }),
    line({ event: 'message-fault-hit', ...dropped, offset: '8' }),
    line({ event: 'message-fault-hit', ...dropped, offset: '9', action: 'duplicate' }),
  ];
  expect(handlingsOf(lines).dropped.map(({ place }) => place)).toEqual(['t/0/7', 't/0/8']);
});
