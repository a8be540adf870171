import { expect, test } from 'vitest';
import { explain, likelyCause, tailOf } from './explain-log.ts';

test.each([
  ['cp: error writing: No space left on device', 'the disk is full'],
  ['FATAL:  could not bind IPv4 address: Address already in use', 'a port was taken'],
  ['java.net.BindException: Address already in use', 'a port was taken'],
  ['java.lang.OutOfMemoryError: Java heap space', 'not enough free memory'],
  ['Could not transfer artifact: Connection refused', 'the repository could not be reached'],
])('the likely cause of the output "%s" is known', (output, cause) => {
  expect(likelyCause(output)).toContain(cause);
});

test('an output without a known error has no likely cause', () => {
  expect(likelyCause('ready to accept connections')).toBeNull();
});

test('the tail is the last eight lines that are not empty', () => {
  const output = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n\n`).join('');
  expect(tailOf(output)).toEqual([13, 14, 15, 16, 17, 18, 19, 20].map((n) => `line ${n}`));
});

test('an explanation has the problem, its cause, and the end and path of the log', () => {
  const text = explain('kafka stopped.', 'starting\nNo space left on device\n', 'logs/kafka.log');
  expect(text).toBe(
    [
      'kafka stopped.',
      'Why: the disk is full: free some space.',
      '  | starting',
      '  | No space left on device',
      'Log: logs/kafka.log',
    ].join('\n'),
  );
});
