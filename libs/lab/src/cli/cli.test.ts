import { expect, test } from 'vitest';
import { wantsColour } from './cli.ts';

test.each([
  [{}, true, true],
  [{}, false, false],
  [{ CI: 'true' }, false, false],
  [{ TERM: 'dumb' }, true, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '0' }, true, false],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, true, false],
])('with %j and a terminal: %s, the output has colour: %s', (env, isTerminal, isColoured) => {
  expect(wantsColour(env, isTerminal)).toBe(isColoured);
});
