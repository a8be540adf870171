import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { NO_CHAOS } from '../../runner/chaos/chaos-settings.ts';
import type { BackgroundLabJob } from './start-background-lab.ts';

test.each(['background-lab-main.ts', 'jaeger-main.ts'])(
  '%s exits when it cannot start, even if a timer still keeps Node alive',
  {
    timeout: 15_000,
  },
  async (main) => {
    const root = mkdtempSync(join(tmpdir(), 'background-'));
    onTestFinished(() => rmSync(root, { recursive: true }));
    const job: BackgroundLabJob = {
      root,
      infra: 'native',
      coordination: 'saga',
      chaos: NO_CHAOS,
      run: null,
    };
    // Like a socket to a server that never replies, this timer keeps Node from exiting by itself.
    const open = 'data:text/javascript,setInterval(() => {}, 60_000)';
    const args = ['--import', open, join(import.meta.dirname, main), JSON.stringify(job)];
    // PATH has neither Java nor Go, so no server can start.
    const child = spawn(process.execPath, args, {
      env: { PATH: root, HOME: root },
      stdio: 'ignore',
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    expect(await once(child, 'exit')).toEqual([2, null]);
    expect(existsSync(join(root, '.lab', 'up.json'))).toBe(false);
  },
);
