import { v7 } from 'uuid';
import { expect, test, vi } from 'vitest';
import { type Breach, eachLine, houseFiles, isTest, report, type SourceFile } from './house.ts';
import { literalsOf, nodesOf } from './syntax.ts';

/**
 * What makes ids. Tests may make any kind, mistakes that run (broken) a wrong one. The lab makes
 * none: it is the customer, whose idempotency keys are random.
 */
const PRODUCT = /^(libs\/(?!lab\/)|services\/)(?!.*\/broken\/)/;
/** Ways to an id that libraries offer beside the one we took. */
const OTHER_LIBRARIES = /^(nanoid|ulid|ulidx|cuid|@paralleldrive\/cuid2|shortid|uuidv7|ksuid)$/;
const MADE_BY_STATEMENT = /\b(gen_random_uuid|uuid_generate_v\w+|uuidv[47]|nextval)\s*\(/i;
const MADE_BY_COLUMN = /\b(small|big)?serial\b|\bas\s+identity\b/i;
/** The outbox's own row number: the order of the log, which nobody outside of it ever sees. */
const ROW_NUMBER = /^libs\/outbox\/migrations\//;
const INSTEAD = 'take v7 of uuid, in the service, before anything is written (docs/ids.md)';

function strangeIds(files: SourceFile[]): Breach[] {
  return files
    .filter(({ path }) => PRODUCT.test(path) && !isTest(path))
    .flatMap((file) => {
      if (file.path.endsWith('.sql')) return ROW_NUMBER.test(file.path) ? [] : inSql(file);
      return file.path.endsWith('.ts') ? [...inTypescript(file), ...inSqlOf(file)] : [];
    });
}

function inSql(file: SourceFile): Breach[] {
  return eachLine(file, (line) =>
    [MADE_BY_STATEMENT, MADE_BY_COLUMN].some((way) => way.test(line.replace(/--.*/, '')))
      ? `lets the database make an id: ${INSTEAD}`
      : undefined,
  );
}

/** Statements inside TypeScript; its tables are made by migrations. */
function inSqlOf(file: SourceFile): Breach[] {
  const says = `lets the database make an id: ${INSTEAD}`;
  return literalsOf(file)
    .filter(({ value }) => MADE_BY_STATEMENT.test(value))
    .map(({ line }) => ({ path: file.path, line, says }));
}

function inTypescript(file: SourceFile): Breach[] {
  return nodesOf(file).flatMap((node) => {
    const says = objection(node);
    return says === undefined ? [] : [{ path: file.path, line: node.line, says }];
  });
}

function objection(node: ReturnType<typeof nodesOf>[number]): string | undefined {
  const { type, text } = node;
  if (type === 'Identifier' && text === 'randomUUID') return `makes a random id: ${INSTEAD}`;
  if (type === 'Literal' && text === "'randomUUID'") return `makes a random id: ${INSTEAD}`;
  if (type !== 'ImportDeclaration') return undefined;
  const [, names = '', from = ''] = /^import\s+(.*?)\s+from\s+'([^']+)'/s.exec(text) ?? [];
  if (OTHER_LIBRARIES.test(from)) return `takes ids from ${from}: ${INSTEAD}`;
  return from === 'uuid' && !/^\{\s*v7\s*,?\s*\}$/.test(names)
    ? `takes ${names} from uuid: ${INSTEAD}`
    : undefined;
}

const service = 'services/order/src/place-order.ts';
const table = 'services/order/migrations/0009_more.sql';

test.each([
  ['randomUUID', service, "import { randomUUID } from 'node:crypto';"],
  ['the global one', service, 'const id = crypto.randomUUID();'],
  ['the global one, by its name', service, "const id = crypto['randomUUID']();"],
  ['v4', service, "import { v4 } from 'uuid';"],
  ['v4 under another name', service, "import { v4 as v7 } from 'uuid';"],
  ['v4 beside v7', service, "import { v4, v7 } from 'uuid';"],
  ['all of uuid', service, "import * as uuid from 'uuid';"],
  ['another library', service, "import { nanoid } from 'nanoid';"],
  ['an id made in a statement', service, "tx.query('insert into a values (gen_random_uuid())');"],
  ['a default of a column', table, 'id uuid primary key default gen_random_uuid(),'],
  ['even a time-ordered one', table, 'id uuid primary key default uuidv7(),'],
  ['a serial', table, 'id bigserial primary key,'],
  ['an identity', table, 'id bigint generated always as identity primary key,'],
])('caught: %s', (_what, path, text) => {
  expect(strangeIds([{ path, text }]).length).toBeGreaterThan(0);
});

test.each([
  ['v7', service, "import { v7 } from 'uuid';\nconst id = v7();"],
  ['a word that only sounds like it', service, "const says = 'in serializable order';"],
  ['words about it', service, '// not randomUUID: see docs/ids.md'],
  ['a column without a default', table, 'id uuid primary key, -- not gen_random_uuid()'],
  ['the row number of an outbox', 'libs/outbox/migrations/0001_outbox.sql', 'id bigserial'],
  ['a test', 'services/order/src/a.test.ts', "import { randomUUID } from 'node:crypto';"],
  ['a key of a customer', 'libs/lab/src/a.ts', "import { randomUUID } from 'node:crypto';"],
  ['a mistake', 'libs/outbox/src/broken/a.ts', "import { randomUUID } from 'node:crypto';"],
])('allowed: %s', (_what, path, text) => {
  expect(strangeIds([{ path, text }])).toEqual([]);
});

test('ids are made in one way', () => {
  expect(report(strangeIds(houseFiles()))).toBe('');
});

test('ids of one process only grow: within a millisecond, and with the clock put back', () => {
  vi.useFakeTimers({ now: Date.UTC(2030, 0, 1) });
  try {
    const ids = Array.from({ length: 1_000 }, () => v7());
    vi.setSystemTime(Date.UTC(2029, 0, 1));
    ids.push(...Array.from({ length: 1_000 }, () => v7()));
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  } finally {
    vi.useRealTimers();
  }
});
