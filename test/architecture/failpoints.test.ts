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

/** A window that no code comes through is a promise and not a crash point. */
function unreachable(files: SourceFile[]): Breach[] {
  const code = typescriptOf(files).filter(({ path, text }) => {
    return CODE.test(path) && !isTest(path) && text.includes('failpoint('); // few are parsed
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
 * A crash point that nobody hits proves nothing. Each is a cell of the crash matrix, as long as
 * that plays the whole catalogue and fails on what it never hit; else a scenario or a whole-lab
 * test names it.
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

/** It plans the cells of all points, and expects that none was never hit. */
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
  throw new Error(`${CATALOGUE} has no WINDOWS: mend this rule with it`);
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

test('caught: a window that is called in a comment, in a test, or nowhere', () => {
  const text = "// failpoint('saved-not-sent');\nawait failpoint('sent-not-marked', id);";
  const files = [
    catalogue,
    { path: 'libs/patterns/outbox/src/relay.ts', text },
    { path: 'libs/patterns/outbox/src/relay.test.ts', text: "failpoint('saved-not-sent');" },
  ];
  expect(report(unreachable(files))).toMatch(/^\S+:3 no code calls failpoint\('saved-not-sent'\)/);
});

test('caught: a crash point that is only in a comment, or nowhere', () => {
  const text = "// order:saved-not-sent\nconst chaos = 'relay-order:sent-not-marked=crash@1';";
  expect(report(unproved([catalogue, scenario(text)]))).toMatch(
    /^\S+:2 relay-payment:sent-not-marked is in no scenario.+\n\S+:3 order:saved-not-sent is in no/,
  );
});

test.each([
  "planCells({ points: 'relay-*' }); expect(neverHit).toEqual([]);",
  'planCells({ coordinations });',
  'expect(neverHit).toEqual([]);',
])('caught: a matrix that leaves points out, or does not look: %s', (text) => {
  expect(unproved([catalogue, { path: MATRIX, text }])).toHaveLength(3);
});

test('allowed: hit by a scenario or by a whole-lab test', () => {
  const text = 'arm(`order:saved-not-sent@${hit}`, "relay-payment:sent-not-marked");';
  const files = [catalogue, scenario("arm('relay-order:sent-not-marked');")];
  expect(unproved([...files, { path: 'test/e2e/order-crash.test.ts', text }])).toEqual([]);
});

test('allowed: a matrix of all points, that fails on one that is never hit', () => {
  const text = 'const all = planCells({ coordinations }); expect(neverHit).toEqual([]);';
  expect(unproved([catalogue, { path: MATRIX, text }])).toEqual([]);
});

const house = houseFiles();

test('every window is in the code', () => {
  expect(report(unreachable(house))).toBe('');
});

test('every crash point is hit by the matrix, a scenario or a whole-lab test', () => {
  expect(report(unproved(house))).toBe('');
});
