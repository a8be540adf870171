import { spawn } from 'node:child_process';
import type { Environment } from '../infrastructure/provider.ts';

/**
 * The command that opens a file in this user's browser; null when the machine has no display. Pure.
 */
export function browserCommand(platform: NodeJS.Platform, env: Environment): string | null {
  if (platform === 'darwin') return 'open';
  const hasDisplay = Boolean(env['DISPLAY']) || Boolean(env['WAYLAND_DISPLAY']);
  return platform === 'linux' && hasDisplay ? 'xdg-open' : null;
}

/** @returns whether the command was started; false when it does not exist */
export function openInBrowser(file: string, env: Environment): Promise<boolean> {
  const command = browserCommand(process.platform, env);
  if (command === null) return Promise.resolve(false);
  return new Promise((resolve) => {
    const child = spawn(command, [file], { detached: true, stdio: 'ignore' });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref(); // the command may run as long as the browser does
      resolve(true);
    });
  });
}
