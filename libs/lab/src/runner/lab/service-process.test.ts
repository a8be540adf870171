import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startGuard } from '../../infrastructure/process/guard.ts';
import { startServiceProcess } from './service-process.ts';

/** A real process that does nothing instead of the order service, with its events and deaths. */
function idleProcess() {
  const root = mkdtempSync(join(tmpdir(), 'service-process-'));
  const source = join(root, 'services', 'order', 'src');
  mkdirSync(source, { recursive: true });
  writeFileSync(join(source, 'main.ts'), 'setInterval(() => undefined, 1_000);');
  const guard = startGuard();
  const events: string[] = [];
  const deaths: (NodeJS.Signals | null)[] = [];
  const process = startServiceProcess({
    name: 'order',
    root,
    logsDir: root,
    env: {},
    nodeArgs: [],
    guard,
    writer: { event: (_name, { event }) => void events.push(event), span: () => undefined },
    died: (signal) => void deaths.push(signal),
  });
  onTestFinished(async () => {
    await process.stop();
    await guard.release();
    rmSync(root, { recursive: true });
  });
  return { process, events, deaths };
}

test('a process that is killed is reported as a death', async () => {
  const { process, events, deaths } = idleProcess();
  await process.kill();
  expect(events).toEqual(['process-started', 'process-killed']);
  expect(deaths).toEqual(['SIGKILL']);
});

test('repeated calls of pause and resume have one effect each', () => {
  const { process, events } = idleProcess();
  process.pause();
  process.pause();
  process.resume();
  process.resume();
  expect(events).toEqual(['process-started', 'process-paused', 'process-resumed']);
});

test('stop resumes a paused process first, so that it gets the signal', async () => {
  const { process, events, deaths } = idleProcess();
  process.pause();
  await process.stop();
  expect(events).toEqual(['process-started', 'process-paused', 'process-resumed']);
  expect(deaths).toEqual([]);
});

test('resume does nothing after a paused process was killed', async () => {
  const { process, events } = idleProcess();
  process.pause();
  await process.kill();
  process.resume();
  expect(events).toEqual(['process-started', 'process-paused', 'process-killed']);
});
