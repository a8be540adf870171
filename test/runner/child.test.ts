import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const CHILD = pathToFileURL(join(import.meta.dirname, 'child.ts')).href;

/** @returns the output of a process that starts an endless script and aborts it once it runs */
async function aborted(script: string): Promise<string> {
  const cwd = await mkdtemp(join(tmpdir(), 'in-doubt-child-'));
  onTestFinished(() => rm(cwd, { recursive: true, force: true }));
  await writeFile(join(cwd, 'package.json'), JSON.stringify({ scripts: { hang: script } }));
  const main = `
    import { watch } from 'node:fs';
    import { runScript } from '${CHILD}';
    const over = new AbortController();
    const watching = watch('.', (_what, name) => { if (name === 'begun') over.abort(); });
    const { ok, output } = await runScript('hang', [], false, over.signal);
    watching.close();
    console.log(ok, output.trim());`;
  const runner = spawn(process.execPath, ['--input-type=module', '--eval', main], { cwd });
  onTestFinished(() => void runner.kill('SIGKILL'));
  const [said] = await Promise.all([text(runner.stdout), once(runner, 'exit')]);
  return said;
}

test('after an abort a script and the processes that it started are ended', async () => {
  expect(await aborted('echo why; sleep 600 & touch begun; wait')).toBe('false why\n');
});
