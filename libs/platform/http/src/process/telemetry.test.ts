import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { record } from '@indoubt/record';
import { expect, onTestFinished, test } from 'vitest';
import { createLog } from './log.ts';
import { endTelemetry, startTelemetry } from './telemetry.ts';

test('a process that appends to a file with a torn line begins a new line', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'telemetry-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const recordFile = join(dir, 'order.jsonl');
  writeFileSync(recordFile, '{"kind":"event","proc');
  const traces = { exporter: 'none', otlpUrl: '', thriftUrl: '' } as const;
  const log = createLog({ service: 'order', level: 'silent' });
  await startTelemetry({ service: 'order', recordFile, traces, log });
  record({ event: 'service-ready', port: 8080 });
  record({ event: 'coordinator-superseded' });
  await endTelemetry();
  const [half, ...lines] = readFileSync(recordFile, 'utf8').trimEnd().split('\n');
  expect(half).toBe('{"kind":"event","proc');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { process: 'order', event: 'service-ready' },
    { process: 'order', event: 'coordinator-superseded' },
  ]);
});
