import { expect, test } from 'vitest';
import { type Breach, eachLine, houseFiles, report, type SourceFile } from './house.ts';

const MACHINE_PATH = /(^|[\s"'`(=:])(\/(work|home|Users|root)\/[\w.-]|[A-Z]:\\Users\\)/;
const REGISTRY = new RegExp(
  '\\b(registry\\.npmjs|npmjs\\.com|yarnpkg\\.com|repo1?\\.maven|proxy\\.golang|' +
    'pypi\\.org|pythonhosted|deb\\.debian|(static|index)\\.crates\\.io)\\b',
);
/** This file itself contains the texts that the rule forbids. */
const OWN_PATH = 'test/architecture/places.test.ts';

function boundPlaces(files: SourceFile[]): Breach[] {
  return files.filter(({ path }) => path !== OWN_PATH).flatMap((file) => eachLine(file, objection));
}

function objection(line: string): string | undefined {
  if (MACHINE_PATH.test(line)) {
    return "names one machine's folder: derive it from the checkout, or write a relative path";
  }
  return REGISTRY.test(line)
    ? 'names a registry host: leave it to the package client and its own settings'
    : undefined;
}

test.each([
  "const root = '/home/ada/in-doubt';",
  'cd /Users/ada/in-doubt',
  'ROOT=/home/ada/in-doubt',
  'resolved: https://registry.npmjs.org/pg',
])('the rule finds a machine path or a registry host: %s', (text) => {
  expect(boundPlaces([{ path: 'README.md', text }])).toHaveLength(1);
});

test.each(['libs/home/src/a.ts', 'see ./work/notes', 'https://example.org/home/a'])(
  'the rule accepts the text: %s',
  (text) => {
    expect(boundPlaces([{ path: 'README.md', text }])).toEqual([]);
  },
);

test('no file names a folder of one machine or a registry host', () => {
  expect(report(boundPlaces(houseFiles()))).toBe('');
});
