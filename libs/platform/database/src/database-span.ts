import { inSpan, type SpanOptions } from '@indoubt/record';
import { SpanKind, trace } from '@opentelemetry/api';
import type { Pool } from 'pg';

export type Operation = 'TRANSACTION' | 'COMMIT PREPARED' | 'ROLLBACK PREPARED';
const OPERATIONS: Operation[] = ['TRANSACTION', 'COMMIT PREPARED', 'ROLLBACK PREPARED'];

type SpansOfPool = Record<Operation, SpanOptions>;
const spans = new WeakMap<Pool, SpansOfPool>();

const POSTGRES_PORT = 5432;
const SQLSTATE = /^[0-9A-Z]{5}$/;

/**
 * Stores the attributes that all spans of a pool share.
 * @param url  the URL of the database; spans do not show its user and password
 * @see opentelemetry.io/docs/specs/semconv/database/postgresql
 */
export function describePool(pool: Pool, url: string): void {
  if (!URL.canParse(url)) return; // connecting will fail, and its error says why
  const { hostname, port, pathname } = new URL(url);
  const common = {
    'db.system.name': 'postgresql',
    'db.namespace': decodeURIComponent(pathname.slice(1)),
    'server.address': hostname,
    'server.port': Number(port || POSTGRES_PORT),
  };
  const described = OPERATIONS.map((operation) => {
    const attributes = { ...common, 'db.operation.name': operation, 'db.query.summary': operation };
    return [operation, { kind: SpanKind.CLIENT, attributes }];
  });
  spans.set(pool, Object.fromEntries(described));
}

/** Runs `work` in its own span, with the SQLSTATE of an error. */
export function inDatabaseSpan<T>(
  pool: Pool,
  operation: Operation,
  work: () => Promise<T>,
): Promise<T> {
  const options = spans.get(pool)?.[operation] ?? { kind: SpanKind.CLIENT };
  return inSpan(operation.toLowerCase(), options, async () => {
    try {
      return await work();
    } catch (error) {
      recordSqlState(error);
      throw error;
    }
  });
}

/** Writes the SQLSTATE of an error, if it has any, to the active span. */
export function recordSqlState(error: unknown): void {
  if (!(error instanceof Error) || !('code' in error)) return;
  const { code } = error;
  if (typeof code === 'string' && SQLSTATE.test(code)) {
    trace.getActiveSpan()?.setAttribute('db.response.status_code', code);
  }
}
