import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog } from '../process/log.ts';
import { createApp } from '../server/http-server.ts';
import { type Listening, listen } from '../server/listen.ts';

let server: Listening;
beforeAll(async () => {
  const log = createLog({ service: 'test', level: 'silent' });
  const app = createApp({ name: 'test', log, ready: () => Promise.resolve({}), routes: [] });
  server = await listen(app, { host: '127.0.0.1', port: 0 });
});
afterAll(() => server.close());

const get = (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`);

test('the docs page loads only files that this service serves', async () => {
  const page = await get('/docs');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  const files = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url);
  expect(files).toHaveLength(4);
  for (const url of files.filter((each) => each !== 'data:,')) {
    const file = await get(url ?? '');
    expect(file.status).toBe(200);
    const type = url?.endsWith('.css') ? 'text/css' : 'text/javascript';
    expect(file.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
    expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    expect((await file.text()).length).toBeGreaterThan(20);
  }
});

test('the docs page reads the OpenAPI document of this service', async () => {
  const [, url = ''] = /url: '([^']+)'/.exec(await (await get('/docs/start.js')).text()) ?? [];
  expect(await (await get(url)).json()).toMatchObject({ openapi: '3.1.0' });
});

test.each(['/docs/package.json', '/docs/..%2fpackage.json', '/docs/swagger-ui.js'])(
  'the path %s is answered 404, since the docs page does not need this file',
  async (path) => {
    expect((await get(path)).status).toBe(404);
  },
);
