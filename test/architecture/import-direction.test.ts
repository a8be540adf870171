import { dirname, posix } from 'node:path';
import { expect, test } from 'vitest';
import { type Breach, houseFiles, report, type SourceFile, typescriptOf } from './house.ts';
import { importsOf } from './syntax.ts';

/** Platform packages from the bottom up: a package imports only packages of the lines above it. */
const PLATFORM_FLOORS = [
  ['failure'],
  ['contracts', 'chaos', 'link', 'record'],
  ['database', 'broker', 'http'],
  ['service-host', 'shop'],
];
const PLATFORM = PLATFORM_FLOORS.flat();
const PATTERNS = ['outbox', 'inbox', 'idempotency', 'saga', 'two-phase-commit'];
/** The lab uses services from outside, so it imports no pattern and no HTTP server. */
const PLATFORM_OF_LAB = PLATFORM.filter((name) => !['link', 'http', 'service-host'].includes(name));
/** service-host opens processes, and shop names the patterns' tables: both stand above patterns. */
const PLATFORM_OF_PATTERNS = PLATFORM_FLOORS.slice(0, -1).flat();
/** Rooms of libs/lab/src from the bottom up: a room imports itself and the rooms before it. */
const LAB_ROOMS = ['text', 'infrastructure', 'evidence', 'views', 'checkers', 'runner', 'cli'];
const LAB_ROOM = /^libs\/lab\/src\/([^/]+)\//;
/** The page of a run is bundled for browsers: it may import only itself and types of evidence. */
const PAGE = /^libs\/lab\/src\/views\/page\//;
/** The packages that the page may import: those that draw, and those that its bundling needs. */
const PAGE_LIBRARIES = /^(preact|d3-array|esbuild|vitest|node:(path|crypto))(\/|$)/;
const PAGE_KNOWS = /^libs\/lab\/src\/(views\/page|evidence)\//;

/** Libraries that only one place may import, so that they can be replaced there. */
const CONFINED: Record<string, RegExp> = {
  kafkajs: /^libs\/(platform\/broker|lab\/src\/infrastructure)\//,
  pg: /^libs\/(platform\/database|lab)\//,
  'node-pg-migrate': /^libs\/platform\/database\//,
  undici: /^libs\/platform\/http\//,
  opossum: /^libs\/platform\/http\//,
  '@prometheus-io/client': /^libs\/platform\/http\//,
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
  if (specifier.startsWith('.')) return pathObjection(path, specifier);
  const behind = CONFINED[specifier];
  if (behind !== undefined && !behind.test(path)) {
    return `imports ${specifier}: only ${behind.source} may; use what that package exports`;
  }
  if (PAGE.test(path) && !PAGE_LIBRARIES.test(specifier)) {
    return `is part of the page and imports ${specifier}: the page runs in a browser`;
  }
  const [, wanted] = /^@indoubt\/([^/]+)/.exec(specifier) ?? [];
  return wanted === undefined ? undefined : packageObjection(homeOf(path), wanted);
}

function pathObjection(path: string, specifier: string): string | undefined {
  const target = posix.join(dirname(path), specifier);
  if (/^services\/[^/]+\/src\/main\.ts$/.test(target)) {
    return `imports ${specifier}: main.ts only wires; move what you need into a file of its own`;
  }
  if (homeOf(target) !== homeOf(path)) {
    return `reaches into ${homeOf(target)}: import its package by name, or move the code down`;
  }
  return roomObjection(path, target);
}

function roomObjection(path: string, target: string): string | undefined {
  const [, from] = LAB_ROOM.exec(path) ?? [];
  const [, to] = LAB_ROOM.exec(target) ?? [];
  if (from === undefined) return undefined;
  if (to === undefined) return `imports ${target}, which stands above all rooms: import the file`;
  const [floor, below] = [LAB_ROOMS.indexOf(from), LAB_ROOMS.indexOf(to)];
  if (floor < 0) {
    return `is in the room ${from}, which has no floor: give it one in LAB_ROOMS and in the docs`;
  }
  if (below > floor) {
    return (
      `is in the room ${from} and imports ${to}, a room above it: ` +
      `move the code that both need down, to ${from} or below`
    );
  }
  if (!PAGE.test(path) || PAGE_KNOWS.test(target)) return undefined;
  return `is part of the page and imports ${target}: pass the value in as data of ReportData`;
}

function packageObjection(home: string, wanted: string): string | undefined {
  const allowed = allowedFor(home);
  if (allowed === undefined) {
    return `is in ${home}, which has no floor: give it one here and in docs/architecture.md`;
  }
  if (allowed.includes(wanted)) return undefined;
  return (
    `imports @indoubt/${wanted}, but ${home} may import only ${allowed.join(', ') || 'nothing'}: ` +
    'take a function or a tx as an argument, and let a main.ts wire them'
  );
}

function allowedFor(home: string): string[] | undefined {
  const [kind, room, name = ''] = home.split('/');
  if (kind === 'test') return [...PLATFORM, ...PATTERNS, 'lab'];
  if (kind === 'services') return [...PLATFORM, ...PATTERNS];
  if (kind === 'scenarios') return ['lab'];
  if (home === 'libs/lab') return PLATFORM_OF_LAB;
  if (room === 'patterns') return PATTERNS.includes(name) ? PLATFORM_OF_PATTERNS : undefined;
  const floor = PLATFORM_FLOORS.findIndex((names) => names.includes(name));
  return room !== 'platform' || floor < 0 ? undefined : PLATFORM_FLOORS.slice(0, floor).flat();
}

/**
 * The package or folder of a file: libs/patterns/outbox, libs/lab, services/order,
 * scenarios/relay-crash, or the first folder. Imports within it are free. A file at the top of the
 * repository belongs to the tests.
 */
function homeOf(path: string): string {
  const [first = '', second = '', third = ''] = path.split('/');
  if (second === '') return 'test';
  if (first === 'libs') return second === 'lab' ? 'libs/lab' : `libs/${second}/${third}`;
  return ['services', 'scenarios'].includes(first) ? `${first}/${second}` : first;
}

function breachesOf(path: string, text: string): number {
  return importDirection([{ path, text }]).length;
}

const PLATFORM_FILE = 'libs/platform/failure/src/a.ts';
const PATTERN_FILE = 'libs/patterns/outbox/src/a.ts';

test.each([
  ['service-host, from a pattern', PATTERN_FILE, "import { x } from '@indoubt/service-host';"],
  [
    'the index of the lab, from a room',
    'libs/lab/src/text/a.ts',
    "import { x } from '../index.ts';",
  ],
  ['a package, from the page', 'libs/lab/src/views/page/a.ts', "import pg from 'pg';"],
  ['the platform, from the page', 'libs/lab/src/views/page/a.ts', "import '@indoubt/record';"],
  ['a package of a floor above', PLATFORM_FILE, "import { x } from '@indoubt/saga';"],
  ['a platform package of a floor above', PLATFORM_FILE, "import { x } from '@indoubt/record';"],
  ['a sibling pattern', PATTERN_FILE, "import type { X } from '@indoubt/inbox';"],
  ['a sibling pattern, by path', PATTERN_FILE, "import { x } from '../../inbox/src/b.ts';"],
  [
    'a platform package of the same floor',
    'libs/platform/broker/src/a.ts',
    "export * from '@indoubt/http';",
  ],
  ['a service', 'services/order/src/a.ts', "import { x } from '@indoubt/payment';"],
  ['a service, by path', 'services/order/src/a.ts', "import { x } from '../../payment/src/b.ts';"],
  ['a main.ts', 'services/order/src/a.ts', "import { x } from './main.ts';"],
  ['a pattern, from the lab', 'libs/lab/src/a.ts', "const x = await import('@indoubt/saga');"],
  ['the HTTP server, from the lab', 'libs/lab/src/a.ts', "import { x } from '@indoubt/http';"],
  ['the lab, from a pattern', PATTERN_FILE, "import { x } from '@indoubt/lab';"],
  [
    'the platform, from a scenario',
    'scenarios/relay-crash/scenario.ts',
    "import { x } from '@indoubt/database';",
  ],
  ['another scenario', 'scenarios/one/scenario.ts', "import { x } from '../two/scenario.ts';"],
  ['a service, from a test', 'test/e2e/a.test.ts', "import { x } from '@indoubt/order';"],
  [
    'from a pattern without a floor',
    'libs/patterns/new/src/a.ts',
    "import { x } from '@indoubt/record';",
  ],
  [
    'from a package without a floor',
    'libs/platform/new/src/a.ts',
    "import { x } from '@indoubt/failure';",
  ],
  ['from a room without a floor', 'libs/new/one/src/a.ts', "import { x } from '@indoubt/failure';"],
  ['kafkajs', PATTERN_FILE, "import { Kafka } from 'kafkajs';"],
  ['pg', 'services/order/src/order-store.ts', "import pg from 'pg';"],
  ['opossum', PATTERN_FILE, "import CircuitBreaker from 'opossum';"],
  [
    'the metrics client',
    'libs/platform/service-host/src/a.ts',
    "import { Gauge } from '@prometheus-io/client';",
  ],
  ['a lab room above', 'libs/lab/src/views/a.ts', "import { x } from '../checkers/b.ts';"],
  [
    'a type of a lab room above',
    'libs/lab/src/evidence/rows/a.ts',
    "import type { X } from '../../cli/b.ts';",
  ],
  ['a lab room above, dynamically', 'libs/lab/src/runner/a.ts', "const x = import('../cli/b.ts');"],
  ['from an unknown lab room', 'libs/lab/src/attic/a.ts', "import { x } from '../text/b.ts';"],
  [
    'another lab room, from the page',
    'libs/lab/src/views/page/a.ts',
    "import { x } from '../../text/b.ts';",
  ],
])('the rule rejects an import: %s', (_what, path, text) => {
  expect(breachesOf(path, text)).toBe(1);
});

test.each([
  [PATTERN_FILE, "import type { Tx } from '@indoubt/database';"],
  [PATTERN_FILE, "import { x } from './broken/b.ts';"],
  ['libs/platform/broker/src/a.ts', "import { Kafka } from 'kafkajs';"],
  ['services/order/src/a.ts', "import { enqueue } from '@indoubt/outbox';"],
  ['libs/lab/src/runner/a.ts', "import { TOPICS } from '@indoubt/contracts';"],
  ['libs/lab/src/runner/a.ts', "import { x } from '../evidence/rows/b.ts';"],
  ['libs/lab/src/index.ts', "export { x } from './cli/b.ts';"],
  ['libs/lab/src/views/page/a.ts', "import type { Row } from '../../evidence/rows/row.ts';"],
  [PLATFORM_FILE, "// import { x } from '@indoubt/saga';"],
  [PLATFORM_FILE, "const quoted = `import { x } from '@indoubt/saga';`;"],
])('the rule accepts an import in %s: %s', (path, text) => {
  expect(breachesOf(path, text)).toBe(0);
});

test('imports go only down the floors of the house', () => {
  expect(report(importDirection(houseFiles()))).toBe('');
});
