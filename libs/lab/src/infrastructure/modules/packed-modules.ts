import { createHash } from 'node:crypto';
import { appendFile, readdir, readFile, writeFile } from 'node:fs/promises';
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
/** The lockfile from which node_modules was installed: tools/bring.sh writes it. */
const INSTALLED = join('node_modules', '.in-doubt-lock.yaml');
/** CommonJS packages call `require` for the modules of Node. */
const REQUIRE =
  "import{createRequire as $create}from'node:module';const require=$create(import.meta.url);";

/**
 * Packs the third-party packages of all services into one file each, once for each set of installed
 * packages. A service reads about 600 files of such packages at its start; packed, its start takes
 * a third less processor time. Our own code is not packed: it runs as it is.
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
  return buildOnce(join(root, '.lab', 'cache', `modules-${key}`), async (temporary) => {
    const dependencies = await dependenciesOf(root);
    await pack(dependencies, temporary);
    await writeFile(join(temporary, HOOK), hookText(dependencies));
  });
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
    splitting: true, // what two packages need is one module in the pack, too
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

/**
 * A module that makes each import of a packed package find its file. Packages that are not packed
 * keep their own dependencies, which may have other versions.
 */
function hookText(dependencies: readonly Dependency[]): string {
  const files = dependencies.map(({ name }) => [name, `${fileOf(name)}.mjs`]);
  return `import { registerHooks } from 'node:module';
const files = new Map(${JSON.stringify(files)});
const urls = new Map([...files].map(([name, file]) => [name, new URL(file, import.meta.url).href]));
registerHooks({
  resolve(specifier, context, nextResolve) {
    const url = urls.get(specifier);
    if (url === undefined || context.parentURL?.includes('/node_modules/')) {
      return nextResolve(specifier, context);
    }
    return { url, format: 'module', shortCircuit: true };
  },
});
`;
}

function fileOf(name: string): string {
  return name.replaceAll(/[^\w-]/g, '_');
}
