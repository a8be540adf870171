import { expect, test } from 'vitest';
import { workThenOffset } from '../work-then-offset.ts';
import { offsetThenWork } from './offset-before-commit.ts';

test('with offset-before-commit a message whose work failed is acknowledged', async () => {
  const acknowledged: string[] = [];
  const dies = () => Promise.reject(new Error('killed'));
  await expect(workThenOffset(dies, async () => void acknowledged.push('right'))).rejects.toThrow(
    'killed',
  );
  await expect(offsetThenWork(dies, async () => void acknowledged.push('broken'))).rejects.toThrow(
    'killed',
  );
  expect(acknowledged).toEqual(['broken']);
});
