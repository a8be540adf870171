import { expect, test } from 'vitest';
import { createPaint } from '../text/paint.ts';
import { createProgress } from './progress.ts';

function shown(isTerminal: boolean, columns = 100): string[] {
  const written: string[] = [];
  const write = (text: string): void => void written.push(text);
  const paint = createPaint(false);
  const progress = createProgress({ write, isTerminal, columns, isClosed: () => false, paint });
  progress.show('starting the servers');
  progress.show('starting the servers');
  progress.show(`Kafka ${'x'.repeat(200)}`);
  progress.clear();
  return written;
}

test('when piped, each new text is one line, and nothing is erased', () => {
  expect(shown(false)).toEqual([
    '  starting the servers\n',
    expect.stringMatching(/^ {2}Kafka x+\n$/),
  ]);
});

test('on a terminal, one line is rewritten, fits the width, and is erased at the end', () => {
  const erase = '\r\u001b[2K';
  const [first, second, last] = shown(true, 40);
  expect(first).toBe(`${erase}  starting the servers …`);
  expect(second?.replace(erase, '').length).toBeLessThanOrEqual(40);
  expect(last).toBe(erase);
});
