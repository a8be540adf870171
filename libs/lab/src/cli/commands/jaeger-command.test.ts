import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createPaint } from '../../text/paint.ts';
import { jaegerCommand } from './jaeger-command.ts';

vi.mock('../../infrastructure/jaeger/detect-jaeger.ts', async (original) => ({
  ...(await original<typeof import('../../infrastructure/jaeger/detect-jaeger.ts')>()),
  detectJaeger: async () => (answers ? ADDRESSES : null),
}));

/** Whether the mocked detectJaeger finds a Jaeger. */
let answers = false;
const ADDRESSES = {
  uiUrl: 'http://127.0.0.1:1',
  otlpUrl: 'http://127.0.0.1:2',
  thriftUrl: 'http://127.0.0.1:3',
};

/** A process that is starting a Jaeger. A message makes it succeed or give up. */
const STARTER = `
import { renameSync, rmSync, writeFileSync } from 'node:fs';
const file = process.argv[2];
const { pid } = process;
const say = (what) => {
  writeFileSync(file + '.new', JSON.stringify({ pid, ...what }));
  renameSync(file + '.new', file);
};
say({ ready: false });
process.on('message', (state) => {
  if (state !== 'gives up') say({ ready: true, ...state });
  else { rmSync(file); process.exit(); }
  process.send('done');
});
process.send('starting');`;

async function starting() {
  answers = false;
  const root = mkdtempSync(join(tmpdir(), 'jaeger-command-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, '.lab'));
  const main = join(root, 'jaeger-main.mjs');
  writeFileSync(main, STARTER);
  const starter = fork(main, [join(root, '.lab', 'jaeger.json')]);
  onTestFinished(() => void starter.kill('SIGKILL'));
  await once(starter, 'message');
  const said = { out: '', err: '' };
  const output = (name: 'out' | 'err') => ({
    write: (more: string) => void (said[name] += more),
    isTerminal: false,
    columns: 100,
    isClosed: () => false,
    paint: createPaint(false),
  });
  const stop = new AbortController();
  const cli = { root, env: {}, signal: stop.signal, out: output('out'), err: output('err') };
  const command = jaegerCommand(cli, { json: true, infra: 'auto' });
  command.catch(() => undefined);
  const waits = `process ${starter.pid} is starting Jaeger: waiting for it`;
  await expect.poll(() => said.err).toContain(waits);
  return { starter, command, said, stop };
}

test('while another command starts Jaeger, jaeger waits and then shows that Jaeger', async () => {
  const { starter, command, said } = await starting();
  answers = true;
  starter.send({ ...ADDRESSES, logFile: 'jaeger.log' });
  expect(await command).toBe(0);
  const expected = { ...ADDRESSES, pid: starter.pid, logFile: 'jaeger.log' };
  expect(JSON.parse(said.out)).toEqual({ jaeger: expected });
});

test('when the other command gives up, jaeger searches again and shows what it finds', async () => {
  const { starter, command, said } = await starting();
  answers = true;
  starter.send('gives up');
  expect(await command).toBe(0);
  expect(JSON.parse(said.out)).toEqual({ jaeger: { ...ADDRESSES, pid: null, logFile: null } });
});

test('an interrupt ends the wait and does not end the other command', async () => {
  const { starter, command, stop } = await starting();
  stop.abort();
  await expect(command).rejects.toMatchObject({ code: 'interrupted' });
  expect(starter.exitCode).toBeNull();
});
