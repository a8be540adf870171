import { expect, test } from 'vitest';
import { createPaint } from '../text/paint.ts';
import { sampleUp } from './sample-status.fixture.ts';
import { renderStatus, statusDocument } from './status.ts';

test('the status lists a server whose process is gone', () => {
  expect(statusDocument(sampleUp()).dead).toContain('postgres-inventory');
  expect(statusDocument(sampleUp()).dead).not.toContain('kafka');
});

test('the status shows every address, and has no colour when colour is off', () => {
  const text = renderStatus(sampleUp(), createPaint(false));
  expect(text).toContain('http://127.0.0.1:41001');
  expect(text).toContain('postgres://lab:secret@127.0.0.1:41010/lab_1_order');
  expect(text).toMatch(/postgres-inventory +pid \d+ {2}gone/);
  expect(text).toMatch(/postgres-coordinator {2}pid \d+$/m);
  expect(text).not.toContain('\u001b');
});
