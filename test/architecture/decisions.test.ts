import { expect, test } from 'vitest';
import { type Breach, houseFiles, report, type SourceFile } from './house.ts';

const RECORD = /^docs\/adr\/(\d{4})-[a-z0-9-]+\.md$/;
const CHECKED_BY = /^(#+ |\*\*|- \*\*)Checked by\b/im;

/** Decisions that name no existing test or scenario. */
function driftingDecisions(files: SourceFile[]): Breach[] {
  const paths = new Set(files.map(({ path }) => path));
  const records = files.filter(({ path }) => /^docs\/adr\/\d/.test(path));
  return records.flatMap(({ path, text }) =>
    objections(path, text, records, paths).map((says) => ({ path, line: 0, says })),
  );
}

function objections(
  path: string,
  text: string,
  records: SourceFile[],
  paths: Set<string>,
): string[] {
  const [, number] = RECORD.exec(path) ?? [];
  if (number === undefined) return ['is misnamed: docs/adr/NNNN-what-we-decided.md'];
  const says: string[] = [];
  if (records.some((other) => other.path !== path && other.path.includes(`/${number}-`))) {
    says.push(`shares its number ${number} with another decision: take the next free one`);
  }
  if (!text.startsWith(`# ${number}. `)) says.push(`must begin with "# ${number}. " and its title`);
  const part = checkedBy(text);
  if (part === undefined) {
    return [...says, 'has no "Checked by": name the test or scenario that fails if we drift'];
  }
  const named = checksNamedIn(part);
  const gone = named.filter((check) => !paths.has(check));
  if (named.length === 0) says.push('names no test file or scenario under "Checked by": name one');
  if (gone.length > 0) says.push(`names checks that do not exist: ${gone.join(', ')}`);
  return says;
}

/** The text from "Checked by" to the next heading. */
function checkedBy(text: string): string | undefined {
  const start = text.search(CHECKED_BY);
  if (start < 0) return undefined;
  const [first = '', ...rest] = text.slice(start).split('\n');
  const end = rest.findIndex((line) => line.startsWith('#'));
  return [first, ...(end < 0 ? rest : rest.slice(0, end))].join('\n');
}

/** The paths of the tests and scenarios that the text names. */
function checksNamedIn(part: string): string[] {
  const tests = part.match(/\b(libs|services|scenarios|test)\/[\w./-]+\.test\.ts\b/g) ?? [];
  const scenarios = [...part.matchAll(/\bscenarios\/([a-z0-9-]+)(?![\w./-]*\.test\.ts)/g)];
  return [...tests, ...scenarios.map(([, name]) => `scenarios/${name}/scenario.ts`)];
}

const check = { path: 'libs/patterns/saga/src/advance.test.ts', text: '' };
const sound = '# 0002. We do\n\n## Checked by\n\n`libs/patterns/saga/src/advance.test.ts`\n';
const path = 'docs/adr/0002-we-do.md';

test.each([
  ['no Checked by', path, '# 0002. We do\n'],
  ['no test or scenario named', path, '# 0002. We do\n\n**Checked by** review\n'],
  ['a missing test', path, '# 0002. We do\n\n**Checked by** `test/e2e/gone.test.ts`\n'],
  ['a missing scenario', path, '# 0002. We do\n\n**Checked by** scenarios/gone\n'],
  [
    'a test that is named after the next heading',
    path,
    sound.replace('## Checked by', '## Checked by\n## Why'),
  ],
  ['another number in the title', path, sound.replace('0002', '0003')],
  ['a wrong file name', 'docs/adr/2-We-do.md', sound],
])('the rule rejects a decision record with %s', (_what, where, text) => {
  expect(driftingDecisions([check, { path: where, text }])).toHaveLength(1);
});

test('the rule rejects two decision records with the same number', () => {
  const files = [check, { path, text: sound }, { path: 'docs/adr/0002-other.md', text: sound }];
  expect(driftingDecisions(files)).toHaveLength(2);
});

test('the rule accepts a decision that an existing test or scenario checks', () => {
  const scenario = { path: 'scenarios/relay-crash/scenario.ts', text: '' };
  const text = '# 0002. We do\n\n**Checked by** [it](../../scenarios/relay-crash/README.md).\n';
  expect(driftingDecisions([check, { path, text: sound }])).toEqual([]);
  expect(driftingDecisions([scenario, { path, text }])).toEqual([]);
});

test('every decision names an existing test or scenario that checks it', () => {
  expect(report(driftingDecisions(houseFiles()))).toBe('');
});
