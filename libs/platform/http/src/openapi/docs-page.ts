import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Route, route } from '../server/route.ts';

/** Only files of this service may be loaded. Inline styles are allowed: Swagger UI sets some. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#api', validatorUrl: null });\n`;

const page = (name: string) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>In Doubt: ${name}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<div id="api"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</html>
`;

/** Read from disk at each request: a service whose docs page is not used pays nothing. */
const FILES = {
  'start.js': () => Promise.resolve(START),
  'swagger-ui-bundle.js': () => read(import.meta.resolve('swagger-ui-dist/swagger-ui-bundle.js')),
  'swagger-ui.css': () => read(import.meta.resolve('swagger-ui-dist/swagger-ui.css')),
};

function read(url: string): Promise<string> {
  return readFile(fileURLToPath(url), 'utf8');
}

const file = z.enum(['start.js', 'swagger-ui-bundle.js', 'swagger-ui.css']);

/** Routes of a page to browse and try out the API. It needs no other server. */
export function docsRoutes(name: string): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/docs',
        summary: 'The document of this API as a page to browse',
        answers: { 200: z.string() },
        produces: ['text/html'],
        problems: [],
      },
      ({ response }) => response.set('Content-Security-Policy', POLICY).send(page(name)),
    ),
    route(
      {
        method: 'GET',
        path: '/docs/:file',
        summary: 'A script or style of the page `/docs`',
        params: z.object({ file }),
        answers: { 200: z.string() },
        produces: ['text/javascript', 'text/css'],
        problems: ['not-found'],
      },
      async ({ params, response }) => {
        response.type(params.file.endsWith('.css') ? 'text/css' : 'text/javascript');
        response.set('Cache-Control', 'max-age=3600').send(await FILES[params.file]());
      },
    ),
  ];
}
