import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The accessibility rules (WCAG 2.2 AA) that a page breaks: a line for each, with the places. */
export async function axeViolations(page: Page): Promise<string[]> {
  const source = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  // The source of axe is evaluated: the page's own policy forbids any added script.
  await page.evaluate(await readFile(source, 'utf8'));
  const results = await page.evaluate(
    (tags) => (globalThis as unknown as Axe).axe.run({ runOnly: tags }),
    RULES,
  );
  return results.violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}: ${nodes
        .slice(0, 3)
        .map(({ target }) => target.join(' '))
        .join(', ')} (${nodes.length})`,
  );
}

interface Axe {
  axe: { run(options: { runOnly: string[] }): Promise<AxeResults> };
}
