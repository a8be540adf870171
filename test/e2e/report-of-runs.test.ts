import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { axeViolations } from './axe-violations.ts';
import { openLab } from './open-lab.ts';
import { type OpenPage, ownBrowser } from './open-page.ts';
import { playScenario } from './play-scenario.ts';
import { sharedServers } from './shared-servers.ts';

const servers = sharedServers();
const open = ownBrowser();

/** Plays a scenario, and opens the report page of the run. */
async function reportOf(name: string, colorScheme: 'light' | 'dark'): Promise<OpenPage> {
  const { result } = await playScenario(name, { infrastructure: servers() });
  return open(pathToFileURL(join(result.runDir, 'report.html')).href, { colorScheme });
}

/** The kinds of steps that are missing in the diagram. */
async function missingIn(page: Page, kinds: string[]): Promise<string[]> {
  const counts = await Promise.all(
    kinds.map(async (kind) => page.locator(`#sequence .step.is-${kind}`).count()),
  );
  return kinds.filter((_, index) => counts[index] === 0);
}

test('saga-compensation: all parts of the report show the refusal', async () => {
  await using opened = await reportOf('saga-compensation', 'light');
  const { page, complaints, requests } = opened;
  await page.locator('#story .event.is-refused').first().click();
  expect(await page.locator('#sequence [aria-current]').first().textContent()).toContain('refused');
  const kinds = ['request', 'message', 'commit', 'refusal', 'compensation'];
  expect(await missingIn(page, kinds)).toEqual([]);
  expect(await page.locator('#waterfall .span[aria-expanded="true"]').count()).toBe(1);
  expect(await page.locator('#waterfall .span.is-wait').count()).toBeGreaterThan(2);
  expect(await page.locator('#rows').innerText()).toMatch(/held_cents|held/);
  expect(await page.locator('#messages tbody tr').count()).toBe(6);
  expect(await page.locator('#messages').innerText()).toContain('release-stock');
  expect(await page.locator('#checks').innerText()).toContain('INV-15');
  expect(await page.locator('.again code').innerText()).toContain('--seed 1');
  await opened.picture('run-saga-compensation', true);
  expect(await axeViolations(page)).toEqual([]);
  expect(complaints).toEqual([]);
  expect(requests).toHaveLength(1);
});

test('2pc-coordinator-crash-after-decision: the report shows crash and recovery', async () => {
  await using opened = await reportOf('2pc-coordinator-crash-after-decision', 'dark');
  const { page, complaints } = opened;
  await page.locator('#faults .link').first().click();
  expect(await page.locator('#story [aria-current]').innerText()).toContain('decided-not-sent');
  // The client gets in-doubt only if its request times out before the coordinator is back.
  const kinds = ['crash', 'restart', 'decision', 'prepared', 'lost'];
  expect(await missingIn(page, kinds)).toEqual([]);
  expect(await page.locator('#sequence .dead').count()).toBeGreaterThan(0);
  expect(await page.locator('#sequence .band').count()).toBe(3);
  expect(await page.locator('#waterfall .span.is-dead').count()).toBeGreaterThan(0);
  expect(await page.locator('#locks tbody tr').count()).toBe(3);
  expect(await page.locator('#rows').innerText()).toContain('commit');
  await opened.picture('run-2pc-coordinator-crash', true);
  expect(await axeViolations(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

test('the API of a service can be browsed at /docs without breaking the page policy', async () => {
  await using lab = await openLab(servers());
  await using opened = await open(`${lab.urlOf('order')}/docs`);
  await opened.page.locator('.opblock-summary-path').first().waitFor();
  const [first] = await opened.page.locator('.opblock-summary').all();
  await first?.click();
  await opened.page.locator('.opblock-body').first().waitFor();
  await opened.picture('docs-of-order', true);
  expect(opened.complaints).toEqual([]);
  const elsewhere = opened.requests.filter((url) => !url.startsWith(lab.urlOf('order')));
  expect(elsewhere.filter((url) => !url.startsWith('data:'))).toEqual([]);
});
