import { renderPage } from '@indoubt/lab';
import { sampleReport } from '@indoubt/lab/report-fixture';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeViolations } from './axe-violations.ts';
import { ownBrowser, type PageFolder, pageFolder } from './open-page.ts';

const SAGA = sampleReport('saga');
const TWO_PHASE = sampleReport('2pc');
const CRASH = 5; // of order A, in both samples
const PARTS = ['story', 'sequence', 'waterfall', 'rows', 'messages', 'locks', 'faults', 'checks'];

const open = ownBrowser();
let folder: PageFolder;
let saga: string;
let both: string;

beforeAll(async () => {
  folder = await pageFolder();
  saga = await folder.write('saga', await renderPage([SAGA]));
  both = await folder.write('both', await renderPage([SAGA, TWO_PHASE]));
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

/** The selected event in each view. */
function selectedIn(page: Page) {
  const first = (selector: string) => page.locator(selector).first().innerText();
  return {
    story: () => first('#story [aria-current]'),
    sequence: () => page.locator('#sequence [aria-current]').first().textContent(),
    waterfall: () => first('#waterfall [aria-current]'),
    now: () => first('.now'),
  };
}

test('the page opens from disk with every part, without errors or network requests', async () => {
  await using opened = await open(saga);
  const { page, complaints, requests } = opened;
  expect(
    await page.locator('main > section').evaluateAll((all) => all.map(({ id }) => id)),
  ).toEqual([...PARTS, 'comparison', 'left-out']);
  expect(await page.locator('h1').innerText()).toBe('saga-compensation');
  expect(await page.locator('.verdict').innerText()).toContain('holds');
  for (const link of await page.locator('nav a').all()) await link.click();
  for (const summary of await page.locator('summary').all()) await summary.click();
  for (const button of await page.locator('.segments button').all()) await button.click();
  await page.getByRole('button', { name: 'Copy' }).click();
  await opened.picture('report-saga', true);
  expect(complaints).toEqual([]);
  expect(requests).toEqual([saga]);
});

test('an event selected in one view is selected in all views and in the address', async () => {
  await using opened = await open(saga);
  const { page } = opened;
  const selected = selectedIn(page);
  await page.locator(`#story [data-event="${CRASH}"]`).click();
  expect(await selected.now()).toContain('dies at published-not-marked');
  expect(await selected.sequence()).toContain('dies at');
  expect(await selected.waterfall()).toContain('died');
  expect(page.url()).toMatch(/#event=5&order=all$/);

  await page.locator('#sequence [data-event="8"]').click();
  expect(await selected.story()).toContain('holds 2 x tea');
  expect(await page.locator('#rows .is-now').innerText()).toContain('tea');
  expect(await page.locator('#messages .is-here').first().innerText()).toContain('handled');

  await page.locator('#waterfall [data-span]').nth(1).click();
  expect(await selected.story()).toContain('order, saga and outbox row');
  await page.locator('#faults .link').first().click();
  expect(await selected.story()).toContain('dies at');
  await opened.picture('report-selected', true);

  await using again = await open(`${saga}#event=8&order=B`);
  expect(await selectedIn(again.page).story()).toContain('holds 2 x tea');
});

test('the rows can be shown before the run, at the selected event and after the run', async () => {
  await using opened = await open(`${saga}#event=1&order=A`);
  const rows = opened.page.locator('#rows');
  expect(await rows.innerText()).toMatch(/new now.*PENDING/);
  await rows.getByRole('button', { name: 'after' }).click();
  expect(await rows.innerText()).toMatch(/REJECTED.*payment-declined/);
  await rows.getByRole('button', { name: 'before' }).click();
  expect(await rows.innerText()).toContain('orders before the run: no row');
});

test('every part can be reached with the keyboard, and the focus is visible', async () => {
  await using opened = await open(saga);
  const { page } = opened;
  const selected = selectedIn(page);
  const tabTo = async (selector: string) => {
    for (let presses = 0; presses < 200; presses += 1) {
      await page.keyboard.press('Tab');
      if ((await page.locator(`${selector}:focus`).count()) > 0) return;
    }
    throw new Error(`the tab key never leads to ${selector}`);
  };
  await tabTo('#story .event');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  expect(await selected.now()).toContain('order, saga and outbox row');
  expect(await page.locator('#story [aria-current]:focus-visible').count()).toBe(1);
  await page.keyboard.press('End');
  expect(await selected.now()).toContain('REJECTED');
  await tabTo('#sequence .step');
  await page.keyboard.press('Home');
  expect(await selected.now()).toContain('sends the order');
  await tabTo('#waterfall summary');
  await tabTo('#waterfall .span');
  await page.keyboard.press('Enter');
  await tabTo('#rows .segments button');
  await tabTo('#messages .link');
  await page.keyboard.press('Space');
  expect(await selected.now()).toContain('outbox row');
  await tabTo('#faults .link');
  await page.keyboard.press('Enter');
  expect(await selected.story()).toContain('dies at');
});

test('each step of the diagram can be reached, also when an event has several steps', async () => {
  await using opened = await open(`${saga}#order=A`);
  const { page } = opened;
  const focused = () => page.evaluate(`document.activeElement.getAttribute('aria-label')`);
  const steps = page.locator('#sequence .step');
  const names = await steps.evaluateAll((all) =>
    all.map((step) => step.getAttribute('aria-label')),
  );
  await steps.first().focus();
  await page.keyboard.press('Home');
  for (const name of names) {
    await expect.poll(focused).toBe(name);
    await page.keyboard.press('ArrowDown');
  }
  const second = steps.filter({ hasText: 'waits for a lock' });
  await second.click();
  await expect.poll(focused).toContain('waits for a lock');
  expect(await second.getAttribute('aria-current')).toBe('step');
  expect(await page.locator('#sequence [aria-current]').count()).toBe(1);
  expect(await selectedIn(page).story()).toContain('delayed at');
});

test.each([
  { name: 'saga', scheme: 'dark' as const },
  { name: 'both', scheme: 'light' as const },
])(
  'the page "$name" in $scheme colours breaks no rule of accessibility',
  async ({ name, scheme }) => {
    const url = name === 'both' ? both : saga;
    await using opened = await open(`${url}#event=${CRASH}&order=all`, { colorScheme: scheme });
    await opened.picture(`report-${name}-${scheme}`, true);
    expect(await axeViolations(opened.page)).toEqual([]);
  },
);

test('the checks find a page that uses the network and a page that is not accessible', async () => {
  await using opened = await open(saga);
  await opened.page.evaluate(`document.body.append(
    Object.assign(new Image(), { src: 'http://127.0.0.1:9/spy.png' }))`);
  await expect.poll(() => opened.complaints).toEqual([expect.stringContaining('default-src')]);
  expect(await axeViolations(opened.page)).toContainEqual(expect.stringContaining('image-alt'));
});

test('in print all details of the chosen order are open', async () => {
  await using opened = await open(`${saga}#order=A`);
  const { page } = opened;
  await page.emulateMedia({ media: 'print' });
  await page.locator('#rows caption', { hasText: 'stock before' }).first().waitFor();
  expect(await page.locator('#rows').innerText()).toContain('stock after');
  expect(await page.locator('details:not([open])').count()).toBe(0);
  expect(await page.locator('.stepper').isVisible()).toBe(false);
  await opened.picture('report-print', true);
  const pdf = await page.pdf({ format: 'A4', landscape: true });
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
});

/** Milliseconds from the request to the first frame with all content. */
async function shownAfter(url: string): Promise<number> {
  await using opened = await open(url);
  await opened.page.waitForFunction(() => performance.getEntriesByName('shown').length > 0);
  return await opened.page.evaluate(
    () => performance.getEntriesByName('shown')[0]?.startTime ?? NaN,
  );
}

test('a page of 200 orders has under 5 MB and is shown within a second', async () => {
  const many = { ...sampleReport('saga', { orders: 200 }), orderCount: 900 };
  const html = await renderPage([many]);
  expect(Buffer.byteLength(html)).toBeLessThan(5_000_000);
  const url = await folder.write('many', html);
  // The best of three shows the time of the page without the load of the machine.
  const shownMs = [await shownAfter(url), await shownAfter(url), await shownAfter(url)];
  expect(Math.min(...shownMs)).toBeLessThan(1000);
  await using opened = await open(url);
  const { page } = opened;
  expect(await page.locator('main *').count()).toBeLessThan(4000);
  expect(await page.locator('.facts').innerText()).toContain(
    '900 orders, 200 of them on this page',
  );
  expect(await page.locator('option').first().innerText()).toBe('All 200 on this page');
  await page.locator('select').selectOption('C3');
  expect(await page.locator('#story .event').first().innerText()).toContain('C3');
  await page.locator('select').selectOption({ index: 0 });
  expect(await page.locator('#story .event').count()).toBeLessThan(200);
  await page.getByRole('button', { name: 'later: show more' }).first().click();
  expect(await page.locator('#story .event').count()).toBeGreaterThan(200);
  await opened.picture('report-200-orders');
  expect(opened.complaints).toEqual([]);
});

test('a run that failed has a page that says what went wrong', async () => {
  const nothing = { events: [], orders: [], spans: [], databases: [], messages: [], faults: [] };
  const more = { prepared: [], locks: [], checks: [], leftOut: [], about: null, comparison: null };
  const sequence = { lifelines: [], steps: [] };
  const problem = 'Kafka <b>is gone</b>';
  const data = { ...SAGA, ...nothing, ...more, sequence, verdict: 'unknown' as const, problem };
  await using opened = await open(await folder.write('nothing', await renderPage([data])));
  expect(await opened.page.locator('.problem').innerText()).toBe(problem);
  expect(await axeViolations(opened.page)).toEqual([]);
  expect(opened.complaints).toEqual([]);
});

test('a page of two runs compares them step by step', async () => {
  await using opened = await open(both);
  const { page, complaints, requests } = opened;
  expect(await page.locator('.two .scenario').allInnerTexts()).toEqual([
    'saga-compensation',
    '2pc-coordinator-crash',
  ]);
  const first = page.locator('.aligned tbody tr').first().locator('td');
  expect(await first.allInnerTexts()).toEqual([
    expect.stringContaining('sends the order'),
    expect.stringContaining('sends the order'),
  ]);
  expect(await page.locator('.aligned .is-gap').count()).toBeGreaterThan(0);
  await page.locator('.aligned td:nth-child(2) .event', { hasText: 'decides' }).first().click();
  expect(await page.locator('#sequence').innerText()).toContain('coordinator-db');
  expect(await page.locator('#locks').innerText()).toContain('still there at the end');
  expect(page.url()).toContain('run=2');
  await opened.picture('report-two-runs', true);
  expect(complaints).toEqual([]);
  expect(requests).toEqual([both]);
});
