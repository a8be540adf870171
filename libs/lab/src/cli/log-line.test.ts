import { expect, test } from 'vitest';
import { formatLogLine } from './log-line.ts';

test('a JSON line of a service becomes one for a person', () => {
  const line = {
    time: '2023-11-14T22:13:20.123Z',
    level: 'error',
    msg: 'could not publish',
    err: { message: 'gone' },
  };
  expect(formatLogLine(JSON.stringify(line))).toBe('22:13:20.123 error  could not publish: gone');
});

test.each(['LOG:  starting PostgreSQL', '{"cut":'])('%s stays as it is', (line) => {
  expect(formatLogLine(line)).toBe(line);
});
