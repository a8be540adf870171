import { expect, test } from 'vitest';
import { formatLogLine } from './log-line.ts';

test('a JSON log line of a service is formatted for a person', () => {
  const line = {
    time: '2023-11-14T22:13:20.123Z',
    level: 'error',
    msg: 'could not publish',
    err: { message: 'gone' },
  };
  expect(formatLogLine(JSON.stringify(line))).toBe('22:13:20.123 error  could not publish: gone');
});

test.each(['LOG:  starting PostgreSQL', '{"cut":'])(
  'the log line %s is printed unchanged',
  (line) => {
    expect(formatLogLine(line)).toBe(line);
  },
);
