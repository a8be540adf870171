import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { bundleClient } from './bundle-client.ts';
import { renderPage } from './render-page.ts';
import { sampleReport } from './sample-report.fixture.ts';

const between = (page: string, open: string, close: string): string => {
  const from = page.indexOf(open) + open.length;
  return page.slice(from, page.indexOf(close, from));
};

test('the page loads no other file, and its policy allows none', async () => {
  const page = await renderPage([sampleReport()]);
  expect(page).not.toMatch(/<(link|img|iframe)\b|<script[^>]+src=|@import|url\(/);
  const policy = between(page, 'Content-Security-Policy" content="', '">');
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
  for (const text of [between(page, '<style>', '</style>'), scriptOf(page)]) {
    expect(policy).toContain(createHash('sha256').update(text).digest('base64'));
  }
});

function scriptOf(page: string): string {
  return between(page, '<script>', '</script>');
}

test('the data in the page is unchanged, also when a row contains markup', async () => {
  const nasty = '</script><script>alert(1)</script><!-- \u2028 & "';
  const data = { ...sampleReport(), problem: nasty };
  const page = await renderPage([data]);
  const json = between(page, 'id="runs">', '</script>');
  expect(JSON.parse(json)).toEqual([data]);
});

test('a title with markup is escaped', async () => {
  const page = await renderPage([{ ...sampleReport(), scenario: '<b>&' }]);
  expect(between(page, '<title>', '</title>')).toContain('&lt;b>&amp;');
});

test('a page of two runs contains both, and the client only once', async () => {
  expect(bundleClient()).toBe(bundleClient());
  const page = await renderPage([sampleReport('saga'), sampleReport('2pc')]);
  expect(JSON.parse(between(page, 'id="runs">', '</script>'))).toHaveLength(2);
});

test('the client is smaller than 100 kB', async () => {
  const page = await renderPage([sampleReport('saga', { orders: 1 })]);
  expect(scriptOf(page).length + between(page, '<style>', '</style>').length).toBeLessThan(100_000);
});
