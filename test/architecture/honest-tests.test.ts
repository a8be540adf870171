import { expect, test } from 'vitest';
import { type Breach, houseFiles, isTest, report, type SourceFile, typescriptOf } from './house.ts';
import { type Call, callsOf, importsOf, nodesOf } from './syntax.ts';

const RUNNERS = /^(test|it|describe|suite)\.[\w.]+$/;

/** Tests that are skipped without a reason, sleep, or are retried: they may pass by accident. */
function dishonestTests(files: SourceFile[]): Breach[] {
  return typescriptOf(files)
    .filter(({ path }) => isTest(path))
    .flatMap((file) => {
      const path = file.path;
      const calls = callsOf(file).flatMap((call) => {
        const says = leftOut(call) ?? sleeps(call);
        return says === undefined ? [] : [{ path, line: call.line, says }];
      });
      return [...calls, ...sleepers(file), ...retries(file)];
    });
}

function leftOut({ callee, args }: Call): string | undefined {
  if (RUNNERS.test(callee) && /\.only\b/.test(callee)) {
    return 'leaves all the others out: remove .only';
  }
  if (RUNNERS.test(callee) && /\.(skip|skipIf|runIf|todo|fails)\b/.test(callee)) {
    return "is left out with no reason: call skip(condition, 'reason') of the test's context";
  }
  if (!/^([a-z]+\.)?skip$/.test(callee)) return undefined;
  const reason = args.some(({ type, text }) => /^(Literal|Template)/.test(type) && text.length > 9);
  return reason ? undefined : "skips with no reason: skip(condition, 'the reason, in words')";
}

function sleeps({ callee }: Call): string | undefined {
  return /^(\w+\.)?(setTimeout|sleep|delay)$/.test(callee)
    ? 'sleeps: wait for the signal itself, bounded (vi.waitFor, or fake timers for a clock)'
    : undefined;
}

function sleepers(file: SourceFile): Breach[] {
  return importsOf(file)
    .filter(({ specifier }) => /^(node:)?timers\/promises$/.test(specifier))
    .map(({ line }) => ({ path: file.path, line, says: 'imports a sleep: wait for a signal' }));
}

function retries(file: SourceFile): Breach[] {
  return nodesOf(file)
    .filter(({ type, text }) => type === 'Property' && /^['"]?retry['"]?:/.test(text))
    .map(({ line }) => ({
      path: file.path,
      line,
      says: 'tries again: a flake is a bug of the test or of the product; find it',
    }));
}

function breachesOf(text: string, path = 'test/e2e/a.test.ts'): number {
  return dishonestTests([{ path, text }]).length;
}

test.each([
  "test.only('a', () => {});",
  "describe.skip('a', () => {});",
  "test.skipIf(slow)('a', () => {});",
  "test.todo('a');",
  "test('a', ({ skip }) => skip());",
  "test('a', (context) => context.skip(slow));",
  'await new Promise((resolve) => setTimeout(resolve, 100));',
  'await sleep(100);',
  "import { setTimeout as wait } from 'node:timers/promises';",
  "test('a', { retry: 3 }, () => {});",
])('the rule rejects a dishonest test: %s', (text) => {
  expect(breachesOf(text)).toBe(1);
});

test.each([
  "test.each([1])('a', () => {});",
  "test('a', ({ skip }) => skip(!docker, 'no Docker daemon answers'));",
  'vi.advanceTimersByTime(100);',
  "const text = 'test.only(); sleep(1)';",
])('the rule accepts an honest test: %s', (text) => {
  expect(breachesOf(text)).toBe(0);
});

test('the rule allows a timer outside of tests', () => {
  expect(breachesOf('setTimeout(poll, 100);', 'libs/patterns/outbox/src/relay.ts')).toBe(0);
});

test('no test is skipped without a reason, sleeps or is retried', () => {
  expect(report(dishonestTests(houseFiles()))).toBe('');
});
