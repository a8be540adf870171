import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadScenario, loadScenarios, scenarioNames } from './scenario-catalogue.ts';

function checkout(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'catalogue-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(root, 'scenarios', name), { recursive: true });
    writeFileSync(join(root, 'scenarios', name, 'scenario.ts'), text);
  }
  return root;
}

test('a scenario is a folder that holds a scenario.ts', async () => {
  const root = checkout({ 'saga-b': 'export default { name: "saga-b" };', 'saga-a': '' });
  mkdirSync(join(root, 'scenarios', 'node_modules'));
  expect(await scenarioNames(root)).toEqual(['saga-a', 'saga-b']);
  expect((await loadScenario(root, 'saga-b')).name).toBe('saga-b');
});

test('an unknown name is refused with the nearest', async () => {
  const root = checkout({ 'relay-crash': '' });
  await expect(loadScenario(root, 'relay-cash')).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining("Did you mean 'relay-crash'?"),
  });
});

test('a scenario that calls itself something else is told so', async () => {
  const root = checkout({ 'relay-crash': 'export default { name: "crash" };' });
  await expect(loadScenario(root, 'relay-crash')).rejects.toThrow(/named 'relay-crash'/);
});

test('all of them: the groups in the order to learn, and few faults before many', async () => {
  const scenario = (name: string, group: string, faults: number) => {
    const chaos = Array.from({ length: faults }, (_, n) => `payment=decline@${n + 1}`).join('; ');
    return `export default { name: '${name}', group: '${group}', chaos: '${chaos}' };`;
  };
  const root = checkout({
    '2pc-commit': scenario('2pc-commit', 'Two-phase commit', 0),
    'saga-b': scenario('saga-b', 'Saga', 0),
    'saga-a': scenario('saga-a', 'Saga', 1),
    crash: scenario('crash', 'Crashes', 1),
    'a-vs-b': scenario('a-vs-b', 'Side by side', 0),
    'saga-c': scenario('saga-c', 'Saga', 0),
  });
  const names = (await loadScenarios(root)).map(({ name }) => name);
  expect(names).toEqual(['saga-b', 'saga-c', 'saga-a', 'crash', '2pc-commit', 'a-vs-b']);
});

test('a mistake has as many faults as the same story without the mistake', async () => {
  const naive = "export default { name: 'naive-a', group: 'Mistakes', variant: 'no-inbox' };";
  const root = checkout({ 'naive-a': naive });
  const [broken, repaired] = await loadScenarios(root);
  expect(broken).toMatchObject({ name: 'naive-a', rules: [{ variant: 'no-inbox' }] });
  expect(repaired).toMatchObject({ name: 'repaired-a', rules: [] });
});

test.each([
  ["chaos: 'inventory:acted-not-comitted=crash@1'", "Did you mean 'acted-not-committed'?"],
  ["chaos: 'inventry:acted-not-committed=crash@1'", "Did you mean 'inventory'?"],
  ["chaos: 'inventory:xyz=crash@1'", 'There are: received-not-handled,'],
  ["variant: 'no-inbx'", "Did you mean 'no-inbox'?"],
  ["leftDead: ['relay']", 'There are: order, '],
])('a scenario with a misspelt fault is refused when it is loaded: %s', async (wrong, says) => {
  const root = checkout({ 'naive-a': `export default { name: 'naive-a', ${wrong} };` });
  const error = await loadScenario(root, 'naive-a').catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'invalid-config' });
  const { message } = error as Error;
  expect(message).toMatch(/^scenarios\/naive-a\/scenario\.ts: /);
  expect(message.replaceAll('\n', ' ')).toContain(says);
});

test('the faults of every scenario of the lab can be read', async () => {
  const root = join(import.meta.dirname, ...Array<string>(5).fill('..'));
  const scenarios = await loadScenarios(root);
  expect(scenarios.length).toBeGreaterThan(40);
  expect(scenarios.filter(({ rules }) => rules.length > 0).length).toBeGreaterThan(20);
});
