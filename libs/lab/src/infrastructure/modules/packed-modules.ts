import { createHash } from 'node:crypto';
import { appendFile, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildOnce } from '../files/build-once.ts';

/** A third-party package, and the folder of the package of ours that depends on it. */
interface Dependency {
  name: string;
  home: string;
}

/**
 * Packages that stay as they are: they find files of their own beside them, or are loaded only
 * when somebody asks for what they do.
 */
const NOT_PACKED =
  /^(@types\/|@indoubt\/|swagger-ui-dist$|node-pg-migrate$|@opentelemetry\/exporter-)/;
const HOOK = 'hook.mjs';
const HTTP = 'node_http.mjs';
/** To read one of these exports of node:http is to load the undici that is inside Node: 40 ms. */
const UNDICI_OF_NODE = ['WebSocket', 'CloseEvent', 'MessageEvent'];
const PREFIX = 'modules-';
/** Longer than a lab runs: a lab that runs starts its processes with the pack of its start. */
const UNUSED_MS = 7 * 24 * 60 * 60 * 1000;
/** The lockfile from which node_modules was installed: tools/bring.sh writes it. */
const INSTALLED = join('node_modules', '.in-doubt-lock.yaml');
/** CommonJS packages call `require` for the modules of Node. */
const REQUIRE =
  "import{createRequire as $create}from'node:module';const require=$create(import.meta.url);";

/**
 * Packs the third-party packages of all services into one file each, once for each set of installed
 * packages. A service reads about 600 files of such packages at its start; packed, its start takes
 * half of the processor time. Our own code is not packed: it runs as it is.
 * @param logFile  gets the reason when the packages cannot be packed
 * @returns the arguments for `node` that make imports find the packed files; none where the
 *   packages cannot be packed, since a slow start is better than no start
 */
export async function packedModules(root: string, logFile: string): Promise<string[]> {
  try {
    return [`--import=${pathToFileURL(join(await packOnce(root), HOOK)).href}`];
  } catch (error) {
    await appendFile(logFile, `${String(error)}\n`).catch(() => undefined);
    return [];
  }
}

async function packOnce(root: string): Promise<string> {
  const [lockfile = '', installed = '', code = ''] = await Promise.all(
    [join(root, 'pnpm-lock.yaml'), join(root, INSTALLED), import.meta.filename].map((file) =>
      readFile(file, 'utf8'),
    ),
  );
  if (lockfile !== installed) throw new Error('pnpm-lock.yaml is not what is installed');
  const hash = createHash('sha256').update(installed).update(code).update(process.version);
  const key = hash.digest('hex').slice(0, 12);
  const cache = join(root, '.lab', 'cache');
  const folder = await buildOnce(join(cache, PREFIX + key), async (temporary) => {
    const dependencies = await dependenciesOf(root);
    await pack(dependencies, temporary);
    await writeFile(join(temporary, HTTP), httpText());
    await writeFile(join(temporary, HOOK), hookText(dependencies));
    await removeUnused(cache);
  });
  const now = new Date();
  await utimes(folder, now, now);
  return folder;
}

/** Removes packs of other lockfiles and versions that no lab has used for long. */
async function removeUnused(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(cache, name);
    const { mtimeMs } = await stat(folder);
    if (Date.now() - mtimeMs > UNUSED_MS) await rm(folder, { recursive: true, force: true });
  }
}

async function dependenciesOf(root: string): Promise<Dependency[]> {
  const found = new Map<string, Dependency>();
  for (const room of ['libs/platform', 'libs/patterns', 'services']) {
    for (const folder of await readdir(join(root, room))) {
      const home = join(root, room, folder);
      const text = await readFile(join(home, 'package.json'), 'utf8').catch(() => '{}');
      const { dependencies = {} } = JSON.parse(text) as { dependencies?: Record<string, string> };
      for (const name of Object.keys(dependencies)) {
        if (!NOT_PACKED.test(name) && !found.has(name)) found.set(name, { name, home });
      }
    }
  }
  return [...found.values()];
}

async function pack(dependencies: readonly Dependency[], folder: string): Promise<void> {
  const { build } = await import('esbuild');
  const homes = new Map(dependencies.map(({ name, home }) => [name, home]));
  await build({
    entryPoints: dependencies.map(({ name }) => ({ in: `entry:${name}`, out: fileOf(name) })),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true, // a module that two packages need is in the pack once
    platform: 'node',
    format: 'esm',
    target: 'node24',
    banner: { js: REQUIRE },
    external: ['pg-native'], // optional, and not installed
    logLevel: 'silent',
    plugins: [
      {
        name: 'entries',
        setup(builder) {
          builder.onResolve({ filter: /^entry:/ }, ({ path }) => {
            return { path: path.replace('entry:', ''), namespace: 'entry' };
          });
          builder.onLoad({ filter: /.*/, namespace: 'entry' }, async ({ path: name }) => {
            const resolveDir = homes.get(name) ?? '';
            const options = { kind: 'import-statement', resolveDir } as const;
            const { path } = await builder.resolve(name, options);
            return { contents: await entryText(name, path), resolveDir };
          });
        },
      },
    ],
  });
}

/** What the pack of a package exports: the names that Node finds in it, and no others. */
async function entryText(name: string, path: string): Promise<string> {
  const quoted = JSON.stringify(name);
  const exported = Object.keys(await import(pathToFileURL(path).href));
  const names = exported.filter((each) => each !== 'default' && each !== 'module.exports');
  const fallback = exported.includes('default') ? `export { default } from ${quoted};` : '';
  // Node gives this name to CommonJS modules, whose names a bundler cannot see.
  if (!exported.includes('module.exports')) return `export * from ${quoted};${fallback}`;
  const copies = names.map(
    (each, at) => `const _${at} = all.${each}; export { _${at} as ${each} };`,
  );
  return [`import all from ${quoted}; export default all;`, ...copies].join('\n');
}

/** The exports of node:http without those that load undici. Node itself reads all exports. */
function httpText(): string {
  const names = Object.keys(http).filter((name) => !UNDICI_OF_NODE.includes(name));
  return `const http = process.getBuiltinModule('node:http');
export default http;
export const { ${names.join(', ')} } = http;
`;
}

/**
 * A module that makes each import of a packed package find its file. Packages that are not packed
 * keep their own dependencies, which may have other versions. Imports between our own files skip
 * the resolution of Node, which reads folders, links and package.json files for each import.
 */
function hookText(dependencies: readonly Dependency[]): string {
  const files = dependencies.map(({ name }) => [name, `${fileOf(name)}.mjs`]);
  return `import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
const files = new Map(${JSON.stringify([['node:http', HTTP], ...files])});
const urls = new Map([...files].map(([name, file]) => [name, new URL(file, import.meta.url).href]));
const own = new Map();
registerHooks({
  resolve(specifier, context, nextResolve) {
    const { parentURL = '' } = context;
    if (!parentURL.startsWith('file:') || parentURL.includes('/node_modules/')) {
      return nextResolve(specifier, context);
    }
    if (specifier.startsWith('.') && specifier.endsWith('.ts')) {
      const file = new URL(specifier, parentURL);
      if (!existsSync(file)) return nextResolve(specifier, context); // its error names the importer
      return { url: file.href, format: 'module-typescript', shortCircuit: true };
    }
    const url = urls.get(specifier);
    if (url !== undefined) return { url, format: 'module', shortCircuit: true };
    if (!specifier.startsWith('@indoubt/')) return nextResolve(specifier, context);
    const found = own.get(specifier) ?? { ...nextResolve(specifier, context), shortCircuit: true };
    own.set(specifier, found);
    return found;
  },
});
`;
}

function fileOf(name: string): string {
  return name.replaceAll(/[^\w-]/g, '_');
}
