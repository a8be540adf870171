import { autocommit, createPool, type Pool, withTransaction } from '@indoubt/database';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sharedServers } from './shared-servers.ts';

const servers = sharedServers();
let pool: Pool;

beforeAll(async () => {
  pool = createPool({ url: servers().databaseUrls.order, name: 'test', connectionsMax: 2 });
  await autocommit(pool).query('create table notes (id integer primary key)');
});

afterAll(() => pool.end());

beforeEach(() => autocommit(pool).query('delete from notes'));

const notes = async () =>
  (await autocommit(pool).query<{ id: number }>('select id from notes order by id')).map(
    ({ id }) => id,
  );
const INSERT = 'insert into notes (id) values ($1)';

test('pipelined writes run in order with the COMMIT, and onCommit runs after it', async () => {
  const afterCommit: string[] = [];
  await withTransaction(pool, async (tx) => {
    tx.write(INSERT, [1]);
    tx.onCommit(() => afterCommit.push('committed'));
    tx.write('update notes set id = 2 where id = $1', [1]);
    expect(afterCommit).toEqual([]);
  });
  expect({ notes: await notes(), afterCommit }).toEqual({ notes: [2], afterCommit: ['committed'] });
});

test('a failed write rolls back the transaction, and its error is thrown', async () => {
  const afterCommit: string[] = [];
  const failing = withTransaction(pool, async (tx) => {
    tx.onCommit(() => afterCommit.push('committed'));
    tx.write(INSERT, [1]);
    tx.write(INSERT, [1]);
    tx.write(INSERT, [2]);
  });
  await expect(failing).rejects.toThrow('duplicate key');
  expect({ notes: await notes(), afterCommit }).toEqual({ notes: [], afterCommit: [] });
});

test('a statement after a failed write does not hide the error of the write', async () => {
  const failing = withTransaction(pool, async (tx) => {
    tx.write(INSERT, [1]);
    tx.write(INSERT, [1]);
    await tx.query('select id from notes');
  });
  await expect(failing).rejects.toThrow('duplicate key');
  expect(await notes()).toEqual([]);
});

test('a lost connection is an indefinite failure and does not end the process', async () => {
  const failing = withTransaction(pool, async (tx) => {
    tx.write(INSERT, [1]);
    const [own] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
    await autocommit(pool).query('select pg_terminate_backend($1)', [own?.pid]);
    await tx.query('select id from notes');
  });
  await expect(failing).rejects.toMatchObject({
    code: 'database-unavailable',
    certainty: 'indefinite',
  });
  expect(await notes()).toEqual([]);
});

test('after a deadlock a transaction is retried, and both transactions commit once', async () => {
  await autocommit(pool).query('insert into notes (id) values (1), (2)');
  const bothHold = Promise.withResolvers<void>();
  let holding = 0;
  const LOCK = 'select id from notes where id = $1 for update';
  const swap = (first: number, second: number) =>
    withTransaction(pool, async (tx) => {
      await tx.query(LOCK, [first]);
      holding += 1;
      if (holding === 2) bothHold.resolve();
      await bothHold.promise;
      await tx.query(LOCK, [second]);
      tx.write(INSERT, [first * 10]);
    });
  await Promise.all([swap(1, 2), swap(2, 1)]);
  expect(await notes()).toEqual([1, 2, 10, 20]);
  expect(holding).toBe(3);
});
