import { expect, test } from 'vitest';
import { formatLogLine } from './log-line.ts';

test('a JSON line of a service becomes one for a person', () => {
  const line = {
    time: 1_700_000_000_123,
    level: 50,
    msg: 'could not publish',
    err: { message: 'gone' },
  };
  expect(formatLogLine(JSON.stringify(line))).toBe('22:13:20.123 error  could not publish: gone');
});

test.each(['LOG:  starting PostgreSQL', '{"cut":'])('%s stays as it is', (line) => {
  expect(formatLogLine(line)).toBe(line);
});
