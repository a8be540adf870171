import { createHash } from 'node:crypto';
import { bundleClient } from './bundle-client.ts';
import type { ReportData } from './report-data.ts';

/**
 * Renders one HTML file that shows a run, or two runs side by side. It needs no other file, server
 * or network, and its Content-Security-Policy forbids every access.
 * @throws Error when the client does not compile
 */
export async function renderPage(
  runs: readonly [ReportData] | readonly [ReportData, ReportData],
): Promise<string> {
  const { script, style } = await bundleClient();
  // A `</script>` inside a string would end the script element.
  const code = script.replaceAll('</script', '<\\/script');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(code, style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeText(runs.map(titleOf).join(' | '))} - In Doubt</title>
<style>${style}</style>
</head>
<body>
<div id="page">
<noscript>A script inside this file draws the report: please allow scripts.</noscript>
</div>
<script type="application/json" id="runs">${asJson(runs)}</script>
<script>${code}</script>
</body>
</html>
`;
}

/** Allows only this script and this style; the page cannot load or send data, or be framed. */
function policy(script: string, style: string): string {
  return [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** JSON that can neither end its script element nor open a comment in it. */
function asJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

function titleOf({ scenario, verdict, coordination }: ReportData): string {
  return `${scenario} (${coordination}): ${verdict}`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
