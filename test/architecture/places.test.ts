import { expect, test } from 'vitest';
import { type Breach, eachLine, houseFiles, report, type SourceFile } from './house.ts';

const MACHINE_PATH = /(^|[\s"'`(=:])(\/(work|home|Users|root)\/[\w.-]|[A-Z]:\\Users\\)/;
// Put together here, as in the tests below, so that this file does not name the places itself.
const REGISTRY = new RegExp(
  [
    ['registry', 'npmjs', 'org'],
    ['npmjs', 'com'],
    ['registry', 'yarnpkg', 'com'],
    ['repo1?', 'maven'],
    ['proxy', 'golang', 'org'],
    ['pypi', 'org'],
    ['pythonhosted', 'org'],
    ['deb', 'debian', 'org'],
    ['(static|index)', 'crates', 'io'],
  ]
    .map((labels) => `\\b${labels.join('\\.')}\\b`)
    .join('|'),
);

function boundPlaces(files: SourceFile[]): Breach[] {
  return files.flatMap((file) =>
    eachLine(file, (line) => {
      if (MACHINE_PATH.test(line)) {
        return "names one machine's folder: derive it from the checkout, or write a relative path";
      }
      return REGISTRY.test(line)
        ? 'names a registry host: leave it to the package client and its own settings'
        : undefined;
    }),
  );
}

// Put together here, so that this file does not name the places itself.
const folder = ['', 'home', 'ada', 'in-doubt'].join('/');
const host = ['registry', 'npmjs', 'org'].join('.');

test.each([
  `const root = '${folder}';`,
  `cd ${folder}`,
  `ROOT=${folder}`,
  `resolved: https://${host}/pg`,
])('caught: %s', (text) => {
  expect(boundPlaces([{ path: 'README.md', text }])).toHaveLength(1);
});

test.each(['libs/home/src/a.ts', 'see ./work/notes', 'https://example.org/home/a'])(
  'allowed: %s',
  (text) => {
    expect(boundPlaces([{ path: 'README.md', text }])).toEqual([]);
  },
);

test('nothing is bound to one machine or one registry', () => {
  expect(report(boundPlaces(houseFiles()))).toBe('');
});
