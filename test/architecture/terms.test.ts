import { expect, test } from 'vitest';
import { type Breach, eachLine, houseFiles, report, type SourceFile } from './house.ts';

/** One word for a thing. The glossary may name the others, to send readers here. */
const TERMS: readonly [RegExp, string][] = [
  [/dead[- ]letter queue|\bDLQs?\b/i, 'dead letter (and dead-letter topic)'],
  [/compensating (transaction|action)/i, 'compensation'],
  [/\b(idempotence|idempotent|deduplication) key/i, 'idempotency key'],
  [/\boutbox (publisher|poller|dispatcher|processor)/i, 'relay'],
];
const MAY_NAME_THEM = /^(docs\/glossary\.md|test\/architecture\/terms\.test\.ts)$/;

function strangeTerms(files: SourceFile[]): Breach[] {
  return files
    .filter(({ path }) => /\.(tsx?|md|sql)$/.test(path) && !MAY_NAME_THEM.test(path))
    .flatMap((file) =>
      eachLine(file, (line) => {
        const [, term] = TERMS.find(([strange]) => strange.test(line)) ?? [];
        return term === undefined ? undefined : `has another word for it: we say "${term}"`;
      }),
    );
}

test.each([
  'sent to the dead-letter queue',
  'const DLQ = 1;',
  'a compensating transaction undoes it',
  'the idempotent key',
  'the Outbox poller',
])('caught: %s', (text) => {
  expect(strangeTerms([{ path: 'docs/architecture.md', text }])).toHaveLength(1);
});

test('allowed: our own words, and the glossary', () => {
  const text = 'compensation, dead letter, idempotency key, relay';
  expect(strangeTerms([{ path: 'docs/architecture.md', text }])).toEqual([]);
  expect(strangeTerms([{ path: 'docs/glossary.md', text: 'not: DLQ' }])).toEqual([]);
});

test('one word for a thing', () => {
  expect(report(strangeTerms(houseFiles()))).toBe('');
});
