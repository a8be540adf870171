import { expect, test } from 'vitest';
import { type Breach, eachLine, houseFiles, markdownOf, report, type SourceFile } from './house.ts';

const WORDS = (
  'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen ' +
  'sixteen seventeen eighteen nineteen twenty'
).split(' ');
const COUNTED = /\ball (?:of the )?(\d+|[a-z]+) (invariants|stories|scenarios|mistakes)\b/gi;
/** Reports and decisions have a date: their numbers were correct on that date. */
const DATED = /^(CHANGELOG\.md|docs\/adr\/|docs\/reliability\.md)/;

type Counts = Record<string, number>;

/** Sentences with a wrong number of things that the code has. */
function wrongCounts(files: SourceFile[], counts: Counts): Breach[] {
  return markdownOf(files)
    .filter(({ path }) => !DATED.test(path))
    .flatMap((file) =>
      eachLine(file, (line) => {
        for (const [, count = '', what = ''] of line.matchAll(COUNTED)) {
          const said = WORDS.indexOf(count.toLowerCase()) + 1 || Number(count);
          const real = counts[what.toLowerCase()];
          if (said > 0 && said !== real) return `says ${count} ${what}, and the code has ${real}`;
        }
        return undefined;
      }),
    );
}

/** The numbers in the code. Another test compares docs/invariants.md with the code. */
function countsOf(files: SourceFile[]): Counts {
  const paths = files.map(({ path }) => path);
  const invariants = files.find(({ path }) => path === 'docs/invariants.md')?.text ?? '';
  const stories = paths.filter((path) => /^scenarios\/[^/]+\/scenario\.ts$/.test(path));
  const mistakes = stories.filter((path) => path.startsWith('scenarios/naive-'));
  return {
    invariants: [...invariants.matchAll(/^## INV-\d+\. /gm)].length,
    stories: stories.length,
    scenarios: stories.length,
    mistakes: mistakes.length,
  };
}

test('a wrong number in words or digits is found', () => {
  const text = 'It checks all eleven invariants.\nAll 15 invariants hold for all 15 mistakes.';
  const found = wrongCounts([{ path: 'README.md', text }], { invariants: 15, mistakes: 14 });
  expect(found).toMatchObject([
    { line: 1, says: 'says eleven invariants, and the code has 15' },
    { line: 2, says: 'says 15 mistakes, and the code has 14' },
  ]);
});

test('documents count invariants, stories and mistakes as the code has them', () => {
  const files = houseFiles();
  const counts = countsOf(files);
  expect(Math.min(...Object.values(counts))).toBeGreaterThan(5);
  expect(report(wrongCounts(files, counts))).toBe('');
});
