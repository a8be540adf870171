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

test('a scenario is a folder with a scenario.ts', async () => {
  const root = checkout({ 'saga-b': 'export default { name: "saga-b" };', 'saga-a': '' });
  mkdirSync(join(root, 'scenarios', 'node_modules'));
  expect(await scenarioNames(root)).toEqual(['saga-a', 'saga-b']);
  expect((await loadScenario(root, 'saga-b')).name).toBe('saga-b');
});

test('an unknown scenario is refused, and the nearest name is suggested', async () => {
  const root = checkout({ 'relay-crash': '' });
  await expect(loadScenario(root, 'relay-cash')).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining("Did you mean 'relay-crash'?"),
  });
});

test('a scenario whose name differs from its folder is refused', async () => {
  const root = checkout({ 'relay-crash': 'export default { name: "crash" };' });
  await expect(loadScenario(root, 'relay-crash')).rejects.toThrow(/named 'relay-crash'/);
});

test('scenarios come in the learning order with minutes and needs, others come last', async () => {
  const scenario = (name: string) => `export default { name: '${name}' };`;
  const names = ['2pc-commit', 'naive-a', 'saga-a', 'saga-b'];
  const root = checkout(Object.fromEntries(names.map((name) => [name, scenario(name)])));
  const steps = [
    { name: 'saga-b', minutes: 7, needs: [] },
    { name: 'naive-a', minutes: 5, needs: ['saga-b'] },
    { name: '2pc-commit', minutes: 9, needs: ['saga-b'] },
  ];
  const file = join(root, 'scenarios', 'learning-order.ts');
  writeFileSync(file, `export const LEARNING_ORDER = ${JSON.stringify(steps)};`);
  const listed = await loadScenarios(root);
  expect(listed.map(({ name }) => name)).toEqual([
    'saga-b',
    'naive-a',
    'repaired-a',
    '2pc-commit',
    'saga-a',
  ]);
  expect(listed[2]).toMatchObject({ minutes: 5, needs: ['saga-b'] });
  expect(listed[4]).toMatchObject({ minutes: null, needs: [] });
});

test('a scenario repaired-… is the story of naive-… without the mistake', async () => {
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
  ["leftDead: ['relay']", 'The processes: order, '],
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
