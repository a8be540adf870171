import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createPaint } from '../../text/paint.ts';
import type { Cli, Output } from '../cli.ts';
import { indoubtCommand, resolveCommand } from './indoubt-command.ts';

/** A checkout in which nothing is up. */
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

test('no lab is up: nothing to look into, and what to do next', async () => {
  const failing = indoubtCommand(await idleCli(), {});
  await expect(failing).rejects.toThrow(/nothing is up.*\nNext: 'scenario up'/);
});

test.each([{}, { commit: true, abort: true }])(
  'resolve with %j: exactly one of the two, for nobody decides by accident',
  async (options) => {
    const failing = resolveCommand(await idleCli(), 'stock-import-7', options);
    await expect(failing).rejects.toThrow('exactly one of --commit and --abort');
  },
);
