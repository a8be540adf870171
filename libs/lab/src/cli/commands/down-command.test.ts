import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createPaint } from '../../text/paint.ts';
import { downCommand } from './down-command.ts';

// The lab takes 300 ms to end and sends its last spans meanwhile. Jaeger would end at once.
const OWNER = `
import { appendFileSync, rmSync, writeFileSync } from 'node:fs';
const [file, log, name, takesMs] = process.argv.slice(2);
writeFileSync(file, JSON.stringify({ ready: false, pid: process.pid }));
process.on('SIGTERM', () => setTimeout(() => {
  appendFileSync(log, name + ' ');
  rmSync(file);
  process.exit();
}, Number(takesMs)));
process.send('ready');
setInterval(() => {}, 60_000);`;

async function down(root: string): Promise<string> {
  let text = '';
  const output = {
    write: (more: string) => void (text += more),
    isTerminal: false,
    columns: 100,
    isClosed: () => false,
    paint: createPaint(false),
  };
  const quiet = { ...output, write: () => undefined };
  const { signal } = new AbortController();
  expect(await downCommand({ root, env: {}, signal, out: output, err: quiet }, {})).toBe(0);
  return text;
}

test('the lab ends before Jaeger does, so that its last spans arrive', async () => {
  const root = mkdtempSync(join(tmpdir(), 'down-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const lab = join(root, '.lab');
  mkdirSync(lab);
  const log = join(root, 'ended');
  const startOwner = async (main: string, file: string, ...args: string[]): Promise<void> => {
    writeFileSync(join(root, main), OWNER);
    const child = fork(join(root, main), [join(lab, file), log, ...args]);
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child, 'message');
  };
  await startOwner('background-lab-main.mjs', 'up.json', 'lab', '300');
  await startOwner('jaeger-main.mjs', 'jaeger.json', 'jaeger', '0');
  expect(await down(root)).toBe('stopped: no process is left running.\n');
  expect(readFileSync(log, 'utf8')).toBe('lab jaeger ');
  expect(await down(root)).toBe('no lab is up.\n');
});
