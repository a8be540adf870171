import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createPaint } from '../../text/paint.ts';
import type { Cli, Output } from '../cli.ts';
import { indoubtCommand, resolveCommand } from './indoubt-command.ts';

/** A checkout without a running lab. */
async function idleCli(): Promise<Cli> {
  const root = await mkdtemp(join(tmpdir(), 'in-doubt-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const out: Output = {
    write: () => undefined,
    isTerminal: false,
    columns: 100,
    isClosed: () => false,
    paint: createPaint(false),
  };
  return { root, env: {}, signal: new AbortController().signal, out, err: out };
}

test('indoubt without a running lab fails and says what to do next', async () => {
  const failing = indoubtCommand(await idleCli(), {});
  await expect(failing).rejects.toThrow(/no lab is up.*\nNext: run 'scenario up'/);
});

test.each([{}, { commit: true, abort: true }])(
  'resolve with the options %j is refused, because exactly one decision must be given',
  async (options) => {
    const failing = resolveCommand(await idleCli(), 'stock-import-7', options);
    await expect(failing).rejects.toThrow('needs exactly one of --commit and --abort');
  },
);
