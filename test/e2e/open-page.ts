import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { scaled } from '../runner/slowness.ts';
import { bringDebian } from './bring-debian.ts';
import { root } from './shared-servers.ts';

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const WITHIN_MS = scaled(15_000);
const PICTURES = join(root, '.lab', 'artifacts', 'screenshots');

/** A page in a real browser, with its complaints and requests. */
export interface OpenPage extends AsyncDisposable {
  page: Page;
  /** Errors and warnings of its console, and uncaught errors. */
  complaints: string[];
  /** Addresses that the page requested. */
  requests: string[];
  /** Stores a screenshot for people to look at. */
  picture(name: string, wholePage?: boolean): Promise<void>;
}

/** @returns Debian's Chromium; null, and the reason on stderr, where the test must be skipped */
export async function openBrowser(): Promise<Browser | null> {
  const executablePath = await bringDebian(['chromium'], 'chromium');
  return executablePath === null ? null : chromium.launch({ executablePath, args: FLAGS });
}

/** A browser for one file; without a browser its tests are skipped. @returns opens a page in it */
export function ownBrowser(): (url: string, options?: BrowserContextOptions) => Promise<OpenPage> {
  let browser: Browser | null = null;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  beforeEach(({ skip }) =>
    skip(browser === null, 'Chromium is not on this machine and cannot be installed'),
  );
  afterAll(() => browser?.close());
  return (url, options = {}) => {
    if (browser === null)
      throw new Error('this test should have been skipped: there is no browser');
    return openPage(browser, url, options);
  };
}

/** Opens an address in a window of its own, and records its requests from the start. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: { width: 1400, height: 1000 },
    reducedMotion: 'reduce',
    ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(WITHIN_MS);
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(url);
  return {
    page,
    complaints,
    requests,
    async picture(name, wholePage = false) {
      await mkdir(PICTURES, { recursive: true });
      await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: wholePage });
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/** A folder for pages that are opened from disk. */
export interface PageFolder extends AsyncDisposable {
  /** Writes a page. @returns its address */
  write(name: string, html: string): Promise<string>;
}

export async function pageFolder(): Promise<PageFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'in-doubt-page-'));
  return {
    async write(name, html) {
      const file = join(folder, `${name}.html`);
      await writeFile(file, html);
      return pathToFileURL(file).href;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
