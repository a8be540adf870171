import { createHash } from 'node:crypto';
import type { Queries, Tx } from '@indoubt/database';
import type { KeyRow, Seen, StoredAnswer } from './decide.ts';
import type { KeyedRequest } from './keyed-request.ts';

// The locks end with the transaction, also after a crash, so no key stays in use. The lock of this
// request comes first, the lock of the key second: a transaction that gets only the first lock
// knows that a different request holds the key.
const LOCKS = `
  select alone, case when alone then pg_try_advisory_xact_lock($2::bigint) else false end as free
    from (select pg_try_advisory_xact_lock($1::bigint) as alone offset 0) as locked`;

interface Row extends Omit<KeyRow, 'answer'> {
  status: number | null;
  headers: Record<string, string>;
  body: unknown;
}

const READ = `
  select fingerprint, attempt, status, headers, body,
         (1000 * extract(epoch from leased_until - clock_timestamp()))::float8 as "leaseMs",
         expires_at <= clock_timestamp() as "isExpired"
    from idempotency_keys where scope = $1 and key = $2`;

/**
 * Tries to lock the key until the transaction ends, and reads its row, in one round trip. The two
 * are separate statements, so that the second sees every row committed before the first got the
 * lock.
 */
export async function readUnderLock(tx: Tx, request: KeyedRequest): Promise<Seen> {
  const { scope, key, fingerprint } = request;
  const [[locks], row] = await Promise.all([
    tx.query<{ alone: boolean; free: boolean }>(LOCKS, [
      lockOf(scope, key, fingerprint),
      lockOf(scope, key),
    ]),
    readRow(tx, request),
  ]);
  return { alone: locks?.alone ?? false, free: locks?.free ?? false, row };
}

/** Reads the row without a lock: does not see what another open transaction does with the key. */
export async function readRow(tx: Queries, { scope, key }: KeyedRequest) {
  const [row] = await tx.query<Row>(READ, [scope, key]);
  if (row === undefined) return undefined;
  const { status, headers, body, ...rest } = row;
  return { ...rest, answer: status === null ? null : { status, headers, body } };
}

/** 64 bits of a hash. Two keys with the same hash only exclude each other for a moment. */
function lockOf(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest().readBigInt64BE().toString();
}

export interface KeyTimes {
  /** Milliseconds that an attempt outside of a transaction may take. */
  leaseMs: number;
  /** Milliseconds that an answered key is retained. */
  retainMs: number;
}

/** SQL for the time `parameter` milliseconds from now. */
function after(parameter: '$1' | '$2'): string {
  return `clock_timestamp() + ${parameter} * interval '1 millisecond'`;
}

/** Inserts the row of an attempt in progress. Other transactions see the row after the commit. */
export function insertLease(tx: Tx, request: KeyedRequest, attempt: string, times: KeyTimes): void {
  tx.write(
    `insert into idempotency_keys (leased_until, expires_at, scope, key, fingerprint, attempt)
     values (${after('$1')}, ${after('$2')}, $3, $4, $5, $6)`,
    [times.leaseMs, times.retainMs, request.scope, request.key, request.fingerprint, attempt],
  );
}

/**
 * Gives an expired row, or the row of a dead attempt, to this attempt. The condition is checked
 * again here, since the old attempt may have ended meanwhile.
 * @returns false when the old attempt has ended, when another attempt was faster, or when another
 *   transaction has the row locked: a branch in doubt locks the row until it is decided
 */
export async function takeOver(
  tx: Tx,
  request: KeyedRequest,
  from: string,
  attempt: string,
  times: KeyTimes,
): Promise<boolean> {
  const taken = await tx.query(
    `update idempotency_keys
        set attempt = $6, fingerprint = $5, status = null, headers = null, body = null,
            leased_until = ${after('$1')}, expires_at = ${after('$2')}
      where (scope, key) in (select scope, key from idempotency_keys
                              where scope = $3 and key = $4 and attempt = $7
                                and case when status is null
                                         then leased_until <= clock_timestamp()
                                         else expires_at <= clock_timestamp() end
                                for update skip locked)
     returning attempt`,
    [times.leaseMs, times.retainMs, request.scope, request.key, request.fingerprint, attempt, from],
  );
  return taken.length === 1;
}

const INSERT_ANSWER = `
  insert into idempotency_keys (expires_at, leased_until, scope, key, fingerprint, attempt,
                                status, headers, body)
  values (${after('$1')}, clock_timestamp(), $2, $3, $4, $5, $6, $7, $8)`;

function answerRow(
  { scope, key, fingerprint }: KeyedRequest,
  attempt: string,
  { status, headers, body }: StoredAnswer,
  retainMs: number,
): unknown[] {
  const answer = [status, JSON.stringify(headers), JSON.stringify(body)];
  return [retainMs, scope, key, fingerprint, attempt, ...answer];
}

/** Inserts the row together with its answer: claim and completion are one transaction. */
export function insertAnswer(tx: Tx, ...row: Parameters<typeof answerRow>): void {
  tx.write(INSERT_ANSWER, answerRow(...row));
}

/** Inserts a row with its answer unless the key has a row. Only for the broken variant. */
export async function insertAnswerLate(
  tx: Queries,
  ...row: Parameters<typeof answerRow>
): Promise<void> {
  await tx.query(`${INSERT_ANSWER} on conflict do nothing`, answerRow(...row));
}

/**
 * Writes the answer into the row. The time of retention starts now: the client may retry later.
 * @returns false when the attempt was taken over: then nothing is written
 */
export async function saveAnswer(
  tx: Tx,
  { scope, key }: KeyedRequest,
  attempt: string,
  { status, headers, body }: StoredAnswer,
  retainMs: number,
): Promise<boolean> {
  const saved = await tx.query(
    `update idempotency_keys set status = $5, headers = $6, body = $7, expires_at = ${after('$1')}
      where scope = $2 and key = $3 and attempt = $4 and status is null returning attempt`,
    [retainMs, scope, key, attempt, status, JSON.stringify(headers), JSON.stringify(body)],
  );
  return saved.length === 1;
}

/** Deletes the row of an attempt that has not been taken over. */
export async function deleteLease(
  tx: Queries,
  { scope, key }: KeyedRequest,
  attempt: string,
): Promise<void> {
  await tx.query(
    `delete from idempotency_keys
      where scope = $1 and key = $2 and attempt = $3 and status is null`,
    [scope, key, attempt],
  );
}

/** Milliseconds after the end of its lease until a row without an answer is deleted. */
const ABANDONED_AFTER_MS = 60_000;

/**
 * Deletes expired keys, and keys of attempts that died more than ABANDONED_AFTER_MS ago.
 * @returns keys deleted, at most `limit`
 */
export async function deleteOld(tx: Queries, limit: number): Promise<number> {
  const deleted = await tx.query(
    `delete from idempotency_keys where (scope, key) in (
       select scope, key from idempotency_keys
        where (status is not null and expires_at <= clock_timestamp())
           or (status is null
               and leased_until <= clock_timestamp() - $2 * interval '1 millisecond')
        limit $1 for update skip locked)
     returning key`,
    [limit, ABANDONED_AFTER_MS],
  );
  return deleted.length;
}
