import { dirname, posix } from 'node:path';
import { expect, test } from 'vitest';
import { type Breach, houseFiles, report, type SourceFile, typescriptOf } from './house.ts';
import { importsOf } from './syntax.ts';

/** From the bottom up: a package imports only from floors below its own, never beside itself. */
const FLOORS = [
  ['failure'],
  ['contracts', 'failpoint', 'link', 'record', 'report-page'],
  ['database', 'broker', 'chassis'],
  ['outbox', 'inbox', 'idempotency', 'saga', 'two-phase-commit', 'service', 'shop'],
];
/** The lab talks to services as an outsider would: it knows no pattern and no chassis. */
const LAB_KNOWS = [
  'contracts',
  'record',
  'report-page',
  'database',
  'broker',
  'failpoint',
  'failure',
  'shop',
];
/** Packages that only one place may know, so that it can be replaced there. */
const KEPT_BEHIND: Record<string, RegExp> = {
  kafkajs: /^libs\/(broker|lab\/src\/infrastructure)\//,
  pg: /^libs\/(database|lab)\//,
  'node-pg-migrate': /^libs\/database\//,
  undici: /^libs\/chassis\//,
};

function importDirection(files: SourceFile[]): Breach[] {
  return typescriptOf(files).flatMap((file) =>
    importsOf(file).flatMap(({ specifier, line }) => {
      const says = objection(file.path, specifier);
      return says === undefined ? [] : [{ path: file.path, line, says }];
    }),
  );
}

function objection(path: string, specifier: string): string | undefined {
  const home = homeOf(path);
  if (specifier.startsWith('.')) {
    const target = posix.join(dirname(path), specifier);
    if (/^services\/[^/]+\/src\/main\.ts$/.test(target)) {
      return `imports ${specifier}: main.ts only wires; move what you need into a file of its own`;
    }
    return homeOf(target) === home
      ? undefined
      : `reaches into ${homeOf(target)}: import its package by name, or move the code down`;
  }
  const behind = KEPT_BEHIND[specifier];
  if (behind !== undefined && !behind.test(path)) {
    return `imports ${specifier}: only ${behind.source} may; use what that package exports`;
  }
  const [, wanted] = /^@indoubt\/([^/]+)/.exec(specifier) ?? [];
  return wanted === undefined ? undefined : directionObjection(home, wanted);
}

function directionObjection(home: string, wanted: string): string | undefined {
  const allowed = allowedFor(home);
  if (allowed === undefined) {
    return `is in ${home}, which has no floor: give it one in FLOORS and in docs/architecture.md`;
  }
  if (allowed.includes(wanted)) return undefined;
  return (
    `imports @indoubt/${wanted}, but ${home} may import only ${allowed.join(', ') || 'nothing'}: ` +
    'take a function or a tx as an argument, and let a main.ts wire them'
  );
}

function allowedFor(home: string): string[] | undefined {
  const [kind, name = ''] = home.split('/');
  if (kind === 'services' || kind === 'test') {
    return [...FLOORS.flat(), ...(kind === 'test' ? ['lab'] : [])];
  }
  if (kind === 'scenarios') return ['lab'];
  if (home === 'libs/lab') return LAB_KNOWS;
  const floor = FLOORS.findIndex((names) => names.includes(name));
  return floor < 0 ? undefined : FLOORS.slice(0, floor).flat();
}

/**
 * libs/outbox, services/order, scenarios/relay-crash, or the first folder; what stands in none sets
 * up the tests.
 */
function homeOf(path: string): string {
  const [first = '', second = ''] = path.split('/');
  if (second === '') return 'test';
  return ['libs', 'services', 'scenarios'].includes(first) ? `${first}/${second}` : first;
}

function breachesOf(path: string, text: string): number {
  return importDirection([{ path, text }]).length;
}

test.each([
  ['upwards', 'libs/failure/src/a.ts', "import { x } from '@indoubt/saga';"],
  ['a sibling', 'libs/outbox/src/a.ts', "import type { X } from '@indoubt/inbox';"],
  ['a sibling below', 'libs/broker/src/a.ts', "export * from '@indoubt/database';"],
  ['a service', 'services/order/src/a.ts', "import { x } from '@indoubt/payment';"],
  ['a service, by path', 'services/order/src/a.ts', "import { x } from '../../payment/src/b.ts';"],
  ['a main.ts', 'services/order/src/a.ts', "import { x } from './main.ts';"],
  ['a pattern, from the lab', 'libs/lab/src/a.ts', "const x = await import('@indoubt/saga');"],
  ['past the lab', 'scenarios/relay-crash/scenario.ts', "import { x } from '@indoubt/database';"],
  ['another scenario', 'scenarios/one/scenario.ts', "import { x } from '../two/scenario.ts';"],
  ['a service, from a test', 'test/e2e/a.test.ts', "import { x } from '@indoubt/order';"],
  ['a package with no floor', 'libs/novel/src/a.ts', "import { x } from '@indoubt/failure';"],
  ['kafkajs', 'libs/outbox/src/a.ts', "import { Kafka } from 'kafkajs';"],
  ['pg', 'services/order/src/order-store.ts', "import pg from 'pg';"],
])('caught: imports %s', (_what, path, text) => {
  expect(breachesOf(path, text)).toBe(1);
});

test.each([
  ['libs/outbox/src/a.ts', "import type { Tx } from '@indoubt/database';"],
  ['libs/broker/src/a.ts', "import { Kafka } from 'kafkajs';"],
  ['services/order/src/a.ts', "import { enqueue } from '@indoubt/outbox';"],
  ['libs/lab/src/a.ts', "import { TOPICS } from '@indoubt/contracts';"],
  ['libs/failure/src/a.ts', "// import { x } from '@indoubt/saga';"],
  ['libs/failure/src/a.ts', "const quoted = `import { x } from '@indoubt/saga';`;"],
])('allowed: %s %s', (path, text) => {
  expect(breachesOf(path, text)).toBe(0);
});

test('imports go one way, down the floors of the house', () => {
  expect(report(importDirection(houseFiles()))).toBe('');
});
