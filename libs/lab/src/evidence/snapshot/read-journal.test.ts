import { expect, test } from 'vitest';
import { chargesIn, readJournal } from './read-journal.ts';

const charge = { id: '1', key: 'k', card: 'card-a', reference: 'A', amountCents: 900 };
const lineOf = (entry: object): string => `${JSON.stringify(entry)}\n`;
const held = lineOf({ ...charge, status: 'HELD' });
const captured = lineOf({ ...charge, status: 'CAPTURED' });
const read = { orderId: 'A', key: 'k', amountCents: 900 };

test.each([
  ['the last line of a charge counts', held + captured, 'CAPTURED'],
  ['a torn line is ignored', held + captured.slice(0, -5), 'HELD'],
  ['a line without its line break is ignored', held + captured.trimEnd(), 'HELD'],
  ['a line after a torn line counts', held + captured.slice(0, -5) + '\n' + captured, 'CAPTURED'],
])('%s', (_what, text, status) => {
  expect(chargesIn(text)).toEqual([{ ...read, status }]);
});

test('without a journal there are no charges', async () => {
  expect(await readJournal('/nowhere/card-processor.jsonl')).toEqual([]);
});
