import { expect, test } from 'vitest';
import { type Breach, houseFiles, report, type SourceFile } from './house.ts';
import { isNode, literalsOf, type Node, nodesOf } from './syntax.ts';

const CATALOGUE = 'libs/failpoint/src/failpoints.ts';
const PROOF = /^(scenarios\/[^/]+\/scenario\.ts|test\/e2e\/.+\.ts)$/;

/** A crash point that nobody hits proves nothing: a scenario or a whole-lab test names each. */
function unprovedFailpoints(files: SourceFile[]): Breach[] {
  const proofs = files.filter(({ path }) => PROOF.test(path));
  const named = proofs.flatMap(literalsOf).map(({ value }) => value);
  return files
    .filter(({ path }) => path === CATALOGUE)
    .flatMap(catalogued)
    .filter(({ name }) => !named.some((text) => text.includes(name)))
    .map(({ name, line }) => ({
      path: CATALOGUE,
      line,
      says: `${name} is hit by no scenario or test/e2e test: arm it in one, or remove it`,
    }));
}

function catalogued(file: SourceFile): { name: string; line: number }[] {
  const list = nodesOf(file).find(({ type, id }) => {
    return type === 'VariableDeclarator' && isNode(id) && id['name'] === 'FAILPOINTS';
  });
  if (list === undefined) throw new Error(`${CATALOGUE} has no FAILPOINTS: mend this rule with it`);
  return nodesOf(file)
    .filter((node) => within(node, list) && typeof node['value'] === 'string')
    .map(({ value, line }) => ({ name: String(value), line }));
}

function within(inner: Node, outer: Node): boolean {
  return inner.type === 'Literal' && inner.start >= outer.start && inner.end <= outer.end;
}

const catalogue = {
  path: CATALOGUE,
  text: "export const FAILPOINTS = ['relay:sent', 'order:saved'] as const;\nconst other = 'other';",
};

test('caught: a crash point that is only in a comment, or nowhere', () => {
  const text = "// order:saved\nconst chaos = 'relay:sent=crash@1';";
  const files = [catalogue, { path: 'scenarios/relay-crash/scenario.ts', text }];
  expect(report(unprovedFailpoints(files))).toMatch(/^\S+:1 order:saved is hit by no scenario/);
});

test('allowed: hit by a scenario or by a whole-lab test', () => {
  const files = [
    catalogue,
    { path: 'scenarios/relay-crash/scenario.ts', text: "arm('relay:sent');" },
    { path: 'test/e2e/order-crash.test.ts', text: 'arm(`order:saved@${hit}`);' },
  ];
  expect(unprovedFailpoints(files)).toEqual([]);
});

const house = houseFiles();
const begun = house.some(({ path }) => PROOF.test(path));

test('every crash point is hit by a scenario or a whole-lab test', ({ skip }) => {
  skip(!begun, 'no scenario and no whole-lab test yet');
  expect(report(unprovedFailpoints(house))).toBe('');
});
