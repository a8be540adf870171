import { expect, test } from 'vitest';
import { browserCommand } from './open-in-browser.ts';

test.each([
  ['darwin', {}, 'open'],
  ['linux', { DISPLAY: ':0' }, 'xdg-open'],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, 'xdg-open'],
  ['linux', {}, null],
  ['linux', { DISPLAY: '' }, null],
  ['win32', { DISPLAY: ':0' }, null],
] as const)('on %s with %o the browser command is %s', (platform, env, command) => {
  expect(browserCommand(platform, env)).toBe(command);
});
