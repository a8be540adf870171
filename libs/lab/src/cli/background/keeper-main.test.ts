import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { NO_CHAOS } from '../../runner/chaos/chaos-settings.ts';
import type { KeeperJob } from './keeper-process.ts';

test.each(['keeper-main.ts', 'jaeger-main.ts'])(
  '%s ends itself, whatever is still open in it',
  {
    timeout: 15_000,
  },
  async (main) => {
    const root = mkdtempSync(join(tmpdir(), 'keeper-'));
    onTestFinished(() => rmSync(root, { recursive: true }));
    const job: KeeperJob = {
      root,
      infra: 'native',
      coordination: 'saga',
      chaos: NO_CHAOS,
      run: null,
    };
    // As a socket to a receiver that never answers: it would keep the process alive for ever.
    const open = 'data:text/javascript,setInterval(() => {}, 60_000)';
    const args = ['--import', open, join(import.meta.dirname, main), JSON.stringify(job)];
    // No Java and no Go are found: it cannot start what it is to hold.
    const child = spawn(process.execPath, args, {
      env: { PATH: root, HOME: root },
      stdio: 'ignore',
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    expect(await once(child, 'exit')).toEqual([2, null]);
    expect(existsSync(join(root, '.lab', 'up.json'))).toBe(false);
  },
);
