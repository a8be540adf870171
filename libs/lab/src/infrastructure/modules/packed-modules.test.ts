import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packedModules } from './packed-modules.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..', '..', '..');
/** Says where each import of the order service comes from, as a loader sees it. */
const SHOW_FILES = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({ load: (url, context, next) => (console.log(url), next(url, context)) });`)}`;

let checkout: string;
beforeAll(() => {
  checkout = mkdtempSync(join(tmpdir(), 'packed modules ')); // a path with a space
  for (const name of ['libs/platform', 'libs/patterns', 'services', 'pnpm-lock.yaml']) {
    cpSync(join(ROOT, name), join(checkout, name), { recursive: true, verbatimSymlinks: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
});
afterAll(() => rmSync(checkout, { recursive: true, force: true }));

/** A folder of the cache that a lab used last so many days ago. */
function folderOfCache(name: string, days: number): string {
  const folder = join(checkout, '.lab', 'cache', name);
  mkdirSync(folder, { recursive: true });
  const usedAt = new Date(Date.now() - days * 24 * 60 * 60 * 1000);
  utimesSync(folder, usedAt, usedAt);
  return folder;
}

const log = () => join(checkout, 'pack.log');

/** The files that a service reads until it finds that its environment is empty. */
function filesRead(nodeArgs: readonly string[]): string[] {
  const main = join(checkout, 'services', 'order', 'src', 'main.ts');
  const script = `process.exit = () => process.reallyExit(0); await import(process.argv[1]);`;
  const args = [`--import=${SHOW_FILES}`, ...nodeArgs, '--input-type=module', '-e', script, main];
  const output = execFileSync(process.execPath, args, { env: {}, encoding: 'utf8', stdio: 'pipe' });
  return output.split('\n').filter((line) => line.startsWith('file:'));
}

test('a new pack removes packs that no lab has used for a week, and no other folder', async () => {
  const unused = folderOfCache('modules-000000000000', 8);
  const kept = [folderOfCache('modules-111111111111', 6), folderOfCache('kafka-4.1.1', 8)];
  await packedModules(checkout, log());
  expect(existsSync(unused)).toBe(false);
  expect(kept.filter((folder) => !existsSync(folder))).toEqual([]);
}, 60_000);

test('a lab that starts marks its pack as used', async () => {
  const [hook = ''] = await packedModules(checkout, log());
  const folder = dirname(fileURLToPath(hook.replace('--import=', '')));
  folderOfCache(basename(folder), 6);
  await packedModules(checkout, log());
  expect(Date.now() - statSync(folder).mtimeMs).toBeLessThan(60_000);
});

test('node:http has its exports, and does not load the undici inside Node', async () => {
  const script = `
    const packed = await import('node:http');
    const loaded = process.moduleLoadList.filter((name) => /deps.undici/.test(name));
    const isSame = (name) => packed[name] === process.getBuiltinModule('node:http')[name];
    const names = Object.keys(packed).filter((name) => name !== 'default' && isSame(name));
    console.log(JSON.stringify({ loaded, names, default: Object.keys(packed.default) }));`;
  const args = [...(await packedModules(checkout, log())), '--input-type=module', '-e', script];
  const output = execFileSync(process.execPath, args, { env: {}, encoding: 'utf8' });
  const { loaded, names, default: all } = JSON.parse(output) as Record<string, string[]>;
  expect(loaded).toEqual([]);
  const missing = all?.filter((name) => !names?.includes(name));
  expect(missing?.toSorted()).toEqual(['CloseEvent', 'MessageEvent', 'WebSocket']);
});

test('a service imports packages from the pack, and our own code as it is', async () => {
  const nodeArgs = await packedModules(checkout, log());
  expect(nodeArgs).toHaveLength(1);
  const files = filesRead(nodeArgs);
  expect(files.filter((file) => file.includes('/node_modules/.pnpm/'))).toEqual([]);
  expect(files.some((file) => file.endsWith('/kafkajs.mjs'))).toBe(true);
  expect(files.some((file) => file.endsWith('/services/order/src/place-order.ts'))).toBe(true);
  expect(filesRead([]).length).toBeGreaterThan(2 * files.length);
}, 60_000);

test('the error of an import of a missing file names the importer', async () => {
  const importer = join(checkout, 'services', 'order', 'src', 'importer.ts');
  writeFileSync(importer, "import './missing.ts';");
  const args = [...(await packedModules(checkout, log())), importer];
  const { stderr } = spawnSync(process.execPath, args, { env: {}, encoding: 'utf8' });
  expect(stderr).toMatch(/Cannot find module '.*missing\.ts' imported from .*importer\.ts/);
});

test('a package that is not packed keeps the versions of its own dependencies', async () => {
  const nodeArgs = await packedModules(checkout, log());
  const script = `
    const { createRequire } = await import('node:module');
    const { pathToFileURL } = await import('node:url');
    const find = createRequire(process.argv[1]).resolve;
    await import(pathToFileURL(find('@opentelemetry/exporter-trace-otlp-http')).href);`;
  const home = join(checkout, 'libs', 'platform', 'http', 'package.json');
  const args = [`--import=${SHOW_FILES}`, ...nodeArgs, '--input-type=module', '-e', script, home];
  const output = execFileSync(process.execPath, args, { env: {}, encoding: 'utf8' });
  expect(output).toMatch(/\/node_modules\/@opentelemetry\/core\//);
  expect(output).not.toMatch(/cache\/modules-\w+\/_opentelemetry_core/);
});

test('without a lockfile nothing is packed, and services start all the same', async () => {
  const empty = join(checkout, 'empty');
  mkdirSync(empty);
  expect(await packedModules(empty, log())).toEqual([]);
  expect(readdirSync(empty)).toEqual([]);
  expect(readFileSync(log(), 'utf8')).toContain('ENOENT');
});
