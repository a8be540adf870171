import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { sampleResult } from '../../evidence/sample-result.fixture.ts';
import { createPaint } from '../../text/paint.ts';
import { sampleTraceLines } from '../../views/traces/sample-traces.fixture.ts';
import type { Cli, Output } from '../cli.ts';
import { traceCommand } from './trace-command.ts';

let run: string;
let written: string;

beforeEach(async () => {
  written = '';
  run = await mkdtemp(join(tmpdir(), 'in-doubt-run-'));
  await mkdir(join(run, 'record'));
  await writeFile(join(run, 'result.json'), JSON.stringify(sampleResult()));
  const lines = sampleTraceLines().map((line) => `${JSON.stringify(line)}\n`);
  await writeFile(join(run, 'record', 'all.jsonl'), lines.join(''));
  return () => rm(run, { recursive: true });
});

function cliWith(env: Cli['env']): Cli {
  const out: Output = {
    write: (text) => void (written += text),
    isTerminal: false,
    columns: 100,
    isClosed: () => false,
    paint: createPaint(false),
  };
  return { root: run, env, signal: new AbortController().signal, out, err: out };
}

/** A Jaeger that replies to spans with this status, and to queries and empty batches with 200. */
async function jaegerThat(answersSpansWith: number): Promise<string> {
  const server = createServer((request, response) => {
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
    });
    request.on('end', () => response.writeHead(length > 100 ? answersSpansWith : 200).end('{}'));
  });
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('trace --to-jaeger prints the link of each order trace, as text and as JSON', async () => {
  const url = await jaegerThat(200);
  const cli = cliWith({ INDOUBT_JAEGER_URL: url, INDOUBT_OTLP_URL: url });
  expect(await traceCommand(cli, run, { toJaeger: true })).toBe(0);
  expect(written).toContain(`\n  ${url}/trace/trace-a\n`);
  written = '';
  await traceCommand(cli, run, { toJaeger: true, json: true });
  expect(JSON.parse(written)).toMatchObject({ traceUrls: [`${url}/trace/trace-a`] });
});

test.each([
  [
    'no Jaeger',
    async () => 'http://127.0.0.1:9',
    /no Jaeger is running\.\nNext: run 'scenario jaeger'/,
  ],
  [
    'a Jaeger that fails',
    () => jaegerThat(503),
    /did not accept the spans: .*503.*\n.*stay.*\nNext: /s,
  ],
])(
  'with %s, trace --to-jaeger fails with a reason and prints no links',
  async (_what, start, message) => {
    const url = await start();
    const cli = cliWith({ INDOUBT_JAEGER_URL: url, INDOUBT_OTLP_URL: url });
    await expect(traceCommand(cli, run, { toJaeger: true })).rejects.toThrow(message);
    expect(written).toBe('');
  },
);

test('trace --to-jaeger refuses a misspelt variable', async () => {
  const failing = traceCommand(cliWith({ INDOUBT_JAEGER: 'x' }), run, { toJaeger: true });
  await expect(failing).rejects.toThrow(/INDOUBT_JAEGER is set, but nothing reads it/);
});

test('trace prints the traces of one order, or of all orders', async () => {
  await traceCommand(cliWith({}), run, { order: 'a' });
  expect(written).toMatch(/^trace trace-a · order A · 7 spans/);
  written = '';
  await traceCommand(cliWith({}), run, { json: true });
  const { traces } = JSON.parse(written);
  expect(traces.map(({ traceId }: { traceId: string }) => traceId)).toEqual([
    'trace-a',
    'trace-shared',
  ]);
});
