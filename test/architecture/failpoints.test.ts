import { expect, test } from 'vitest';
import { type Breach, houseFiles, isTest, report, type SourceFile, typescriptOf } from './house.ts';
import { type Call, callsOf, isNode, literalsOf, type Node, nodesOf } from './syntax.ts';

const CATALOGUE = 'libs/platform/chaos/src/windows.ts';
const MATRIX = 'test/e2e/matrix.test.ts';
const CODE = /^(libs\/(lab|[^/]+\/[^/]+)|services\/[^/]+)\/src\//;
const PROOF = /^(scenarios\/[^/]+\/scenario\.ts|test\/e2e\/.+\.ts)$/;

interface Window {
  window: string;
  processes: string[];
  line: number;
}

/** Windows in the catalogue that no code calls as a failpoint. */
function unreachable(files: SourceFile[]): Breach[] {
  const code = typescriptOf(files).filter(({ path, text }) => {
    // The test of the text is cheap, so that only few files are parsed.
    return CODE.test(path) && !isTest(path) && text.includes('failpoint(');
  });
  const called = new Set(code.flatMap(callsOf).flatMap(windowOf));
  return windowsIn(files)
    .filter(({ window }) => !called.has(window))
    .map(({ window, line }) => ({
      path: CATALOGUE,
      line,
      says: `no code calls failpoint('${window}'): put it where the name says, or remove it`,
    }));
}

function windowOf({ callee, args: [first] }: Call): string[] {
  const value = first?.type === 'Literal' ? first['value'] : undefined;
  return callee === 'failpoint' && typeof value === 'string' ? [value] : [];
}

/**
 * Crash points that no test hits. A crash matrix covers all points if it plays the whole catalogue
 * and fails on a point that is never hit. Otherwise a scenario or a test of test/e2e must name a
 * point.
 */
function unproved(files: SourceFile[]): Breach[] {
  if (files.some(isWholeMatrix)) return [];
  const proofs = files.filter(({ path }) => PROOF.test(path));
  const named = proofs.flatMap(literalsOf).map(({ value }) => value);
  return windowsIn(files).flatMap(({ window, processes, line }) =>
    processes
      .map((process) => `${process}:${window}`)
      .filter((name) => !named.some((text) => text.includes(name)))
      .map((name) => {
        const says = `${name} is in no scenario or test/e2e test, nor in a matrix of all points`;
        return { path: CATALOGUE, line, says };
      }),
  );
}

/** Whether the file plans the cells of all points, and expects that every point was hit. */
function isWholeMatrix(file: SourceFile): boolean {
  if (file.path !== MATRIX) return false;
  const calls = callsOf(file);
  const plansAll = calls.some(({ callee, args }) => {
    return callee === 'planCells' && !args.some((arg) => /\bpoints\b/.test(arg.text));
  });
  const expectsNone = nodesOf(file).some(({ type, text }) => {
    return type === 'CallExpression' && text === 'expect(neverHit).toEqual([])';
  });
  return plansAll && expectsNone;
}

function windowsIn(files: SourceFile[]): Window[] {
  return files.filter(({ path }) => path === CATALOGUE).flatMap(catalogued);
}

function catalogued(file: SourceFile): Window[] {
  const list = nodesOf(file).find(({ type, id }) => {
    return type === 'VariableDeclarator' && isNode(id) && id['name'] === 'WINDOWS';
  });
  const windows = nodesOf(file)
    .filter((node) => node.type === 'Property' && list !== undefined && within(node, list))
    .flatMap(({ key, value, line }) => {
      const window = isNode(key) && typeof key['value'] === 'string' ? key['value'] : undefined;
      return window === undefined ? [] : [{ window, processes: processesOf(file, value), line }];
    });
  if (windows.length > 0) return windows;
  throw new Error(`${CATALOGUE} has no WINDOWS: adapt this rule to the new name`);
}

/** The texts of the entry's `of`. */
function processesOf(file: SourceFile, entry: unknown): string[] {
  const of = nodesOf(file).find(({ type, key, ...node }) => {
    const isOf = type === 'Property' && isNode(key) && key['name'] === 'of';
    return isOf && isNode(entry) && within(node, entry);
  });
  return nodesOf(file)
    .filter((node) => node.type === 'Literal' && of !== undefined && within(node, of))
    .map(({ value }) => String(value));
}

function within(inner: Pick<Node, 'start' | 'end'>, outer: Node): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}

const catalogue = {
  path: CATALOGUE,
  text: `export const WINDOWS = {
  'sent-not-marked': { of: ['relay-order', 'relay-payment'], not: 'x' },
  'saved-not-sent': { of: ['order'], not: 'y' },
} as const;
const OTHERS = { 'other-not-one': { of: ['nobody'] } };`,
};
const scenario = (text: string) => ({ path: 'scenarios/relay-crash/scenario.ts', text });

test('the rule finds a window that is called only in a comment, in a test, or nowhere', () => {
  const text = "// failpoint('saved-not-sent');\nawait failpoint('sent-not-marked', id);";
  const files = [
    catalogue,
    { path: 'libs/patterns/outbox/src/relay.ts', text },
    { path: 'libs/patterns/outbox/src/relay.test.ts', text: "failpoint('saved-not-sent');" },
  ];
  expect(report(unreachable(files))).toMatch(/^\S+:3 no code calls failpoint\('saved-not-sent'\)/);
});

test('the rule finds a crash point that is only in a comment, or nowhere', () => {
  const text = "// order:saved-not-sent\nconst chaos = 'relay-order:sent-not-marked=crash@1';";
  expect(report(unproved([catalogue, scenario(text)]))).toMatch(
    /^\S+:2 relay-payment:sent-not-marked is in no scenario.+\n\S+:3 order:saved-not-sent is in no/,
  );
});

test.each([
  "planCells({ points: 'relay-*' }); expect(neverHit).toEqual([]);",
  'planCells({ coordinations });',
  'expect(neverHit).toEqual([]);',
])('the rule rejects a matrix that omits points or does not check hits: %s', (text) => {
  expect(unproved([catalogue, { path: MATRIX, text }])).toHaveLength(3);
});

test('the rule accepts a crash point that a scenario or a whole-lab test hits', () => {
  const text = 'arm(`order:saved-not-sent@${hit}`, "relay-payment:sent-not-marked");';
  const files = [catalogue, scenario("arm('relay-order:sent-not-marked');")];
  expect(unproved([...files, { path: 'test/e2e/order-crash.test.ts', text }])).toEqual([]);
});

test('the rule accepts a matrix of all points that fails on a point never hit', () => {
  const text = 'const all = planCells({ coordinations }); expect(neverHit).toEqual([]);';
  expect(unproved([catalogue, { path: MATRIX, text }])).toEqual([]);
});

const house = houseFiles();

test('every window of the catalogue is called in the code', () => {
  expect(report(unreachable(house))).toBe('');
});

test('every crash point is hit by the matrix, a scenario or a whole-lab test', () => {
  expect(report(unproved(house))).toBe('');
});
