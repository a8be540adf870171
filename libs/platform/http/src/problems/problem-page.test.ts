import { expect, test } from 'vitest';
import { createLog } from '../process/log.ts';
import { createApp } from '../server/http-server.ts';
import { listen } from '../server/listen.ts';
import { PROBLEM_CODES, problemOfCode } from './problem-of-code.ts';
import { problemsMarkdown } from './problem-page.ts';

const DOC = '../../../../../docs/problems.md';

test('docs/problems.md is the page that npm run openapi writes', async () => {
  await expect(
    problemsMarkdown(),
    'the file is outdated. Next: npm run openapi',
  ).toMatchFileSnapshot(DOC);
});

test('every code has a status from 400 to 599 and texts of at most 100 characters', () => {
  for (const code of PROBLEM_CODES) {
    const { status, title, means, next } = problemOfCode(code);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    for (const text of [title, means, next]) expect(text.length).toBeLessThanOrEqual(100);
    expect(`${title}${means}${next}`, 'the page does not escape').not.toMatch(/[<>&]/);
  }
});

test('each code has a page in text and in HTML, and an unknown code is answered 404', async () => {
  const log = createLog({ service: 'test', level: 'silent' });
  const ready = () => Promise.resolve({});
  const app = createApp({ name: 'test', log, ready, routes: [] });
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  const get = (code: string, accept = '*/*') =>
    fetch(`http://127.0.0.1:${server.port}/problems/${code}`, { headers: { accept } });
  for (const code of PROBLEM_CODES) {
    const { status, certainty, means, next } = problemOfCode(code);
    const answer = await get(code);
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    const text = await answer.text();
    for (const part of [`HTTP ${status}, ${certainty}`, means, next]) expect(text).toContain(part);
  }
  const html = await get('in-doubt', 'text/html,*/*;q=0.8');
  expect(html.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(await html.text()).toContain('<h1>in-doubt: In doubt');
  expect((await get('no-such-code')).status).toBe(404);
  await server.close();
});
