import { spawn } from 'node:child_process';
import type { Environment } from '../infrastructure/provider.ts';

/**
 * The command that shows a file in the browser of whoever sits here; null where nobody can see one.
 * Pure.
 */
export function browserCommand(platform: NodeJS.Platform, env: Environment): string | null {
  if (platform === 'darwin') return 'open';
  const hasDisplay = Boolean(env['DISPLAY']) || Boolean(env['WAYLAND_DISPLAY']);
  return platform === 'linux' && hasDisplay ? 'xdg-open' : null;
}

/** @returns whether a browser was asked to: a command that is not there is no error */
export function openInBrowser(file: string, env: Environment): Promise<boolean> {
  const command = browserCommand(process.platform, env);
  if (command === null) return Promise.resolve(false);
  return new Promise((resolve) => {
    const child = spawn(command, [file], { detached: true, stdio: 'ignore' });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref(); // it may live as long as the browser does
      resolve(true);
    });
  });
}
