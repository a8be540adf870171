import { v7 } from 'uuid';
import { expect, test, vi } from 'vitest';
import { type Breach, eachLine, houseFiles, isTest, report, type SourceFile } from './house.ts';

/** Code that makes ids. The lab is not included: as a customer it makes random idempotency keys. */
const PRODUCT = /^(libs\/(patterns|platform)|services)\/(?!.*\/broken\/).*\.(ts|sql)$/;
const COMMENT = /^\s*(\/?\*|\/\/|--)/;
const OTHER_ID = new RegExp(
  [
    '\\brandomUUID\\b', // version 4
    "from '(nanoid|ulidx?|cuid|@paralleldrive/cuid2|shortid|uuidv7|ksuid)'",
    '\\b(gen_random_uuid|uuid_generate_v\\w+|uuidv[47]|nextval)\\s*\\(',
    '\\b(small|big)?serial\\b(?!i)|\\bas\\s+identity\\b',
  ].join('|'),
);
/** The row number of the outbox gives the order of its rows. No other code reads this number. */
const ROW_NUMBER = 'libs/patterns/outbox/migrations/0001_outbox.sql';

const INSTEAD = 'take v7 of uuid, in the service, before any write (docs/ids.md)';
/** Imports and exports from uuid, on one line or on several. */
const UUID_IMPORT = /\b(?:import|export)\s+([^;]*?)\s+from 'uuid'/g;

function otherIds(files: SourceFile[]): Breach[] {
  return files
    .filter(({ path }) => PRODUCT.test(path) && !isTest(path) && path !== ROW_NUMBER)
    .flatMap((file) => [
      ...eachLine(file, (line) =>
        OTHER_ID.test(line.replace(/--.*/, '')) && !COMMENT.test(line)
          ? `makes another kind of id: ${INSTEAD}`
          : undefined,
      ),
      ...otherUuids(file),
    ]);
}

/** Imports from uuid of anything but v7, or of v7 under another name. */
function otherUuids({ path, text }: SourceFile): Breach[] {
  return [...text.matchAll(UUID_IMPORT)]
    .filter(([, names = '']) => !/^\{\s*v7\s*,?\s*\}$/.test(names))
    .map(({ index }) => {
      const line = text.slice(0, index).split('\n').length;
      return { path, line, says: `takes another function from uuid: ${INSTEAD}` };
    });
}

const service = 'services/order/src/place-order.ts';
const table = 'services/order/migrations/0009_more.sql';

test.each([
  [service, "import { randomUUID } from 'node:crypto';"],
  [service, "const id = crypto['randomUUID']();"],
  [service, "import { v4 as v7 } from 'uuid';"],
  [service, "import * as uuid from 'uuid';"],
  [service, "import uuid from 'uuid';"],
  [service, "import { v4, v7 } from 'uuid';"],
  [service, "import {\n  v4,\n} from 'uuid';"],
  [service, "export { v4 } from 'uuid';"],
  [service, "import { nanoid } from 'nanoid';"],
  [service, "tx.query('insert into a values (gen_random_uuid())');"],
  ['libs/platform/record/src/span.ts', "import { v4 } from 'uuid';"],
  ['libs/patterns/saga/src/saga-store.ts', 'const id = crypto.randomUUID();'],
  [table, 'id uuid primary key default uuidv7(),'],
  [table, 'id bigserial primary key,'],
  [table, 'id bigint generated always as identity primary key,'],
])('the rule rejects another kind of id in %s: %s', (path, text) => {
  expect(otherIds([{ path, text }])).toHaveLength(1);
});

test.each([
  [service, "import { v7 } from 'uuid';"],
  [service, '// not randomUUID: see docs/ids.md'],
  [service, "const says = 'in serializable order';"],
  [table, 'id uuid primary key, -- not gen_random_uuid()'],
  [ROW_NUMBER, 'id bigserial'],
  ['services/order/src/a.test.ts', "import { randomUUID } from 'node:crypto';"],
  ['libs/lab/src/a.ts', "import { randomUUID } from 'node:crypto';"],
  ['libs/patterns/outbox/src/broken/a.ts', "import { randomUUID } from 'node:crypto';"],
])('the rule accepts the code in %s: %s', (path, text) => {
  expect(otherIds([{ path, text }])).toEqual([]);
});

test('services and patterns make all ids with UUID version 7', () => {
  expect(report(otherIds(houseFiles()))).toBe('');
});

test('ids of one process grow within a millisecond and when the clock is set back', () => {
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
