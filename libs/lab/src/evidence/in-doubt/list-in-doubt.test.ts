import { createPool, type Pool } from '@indoubt/database';
import { expect, test } from 'vitest';
import { listInDoubt } from './list-in-doubt.ts';

/** No server listens on this port. */
const gone = (): Pool =>
  createPool({ url: 'postgres://lab@127.0.0.1:1/gone', name: 'test', connectionsMax: 1 });

test('a database that does not answer is listed as unread', async () => {
  const databases = { order: gone(), payment: gone(), inventory: gone(), coordinator: gone() };
  expect(await listInDoubt({ name: 'lab-1', databases })).toEqual({
    items: [],
    unread: ['order', 'payment', 'inventory', 'coordinator'],
  });
});
