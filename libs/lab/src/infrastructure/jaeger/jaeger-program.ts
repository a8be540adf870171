import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '@indoubt/failure';
import { buildOnce } from '../files/build-once.ts';
import { inTurn } from '../files/in-turn.ts';
import { explain } from '../process/explain-log.ts';
import { type Guard, startGuard } from '../process/guard.ts';
import { runUnderGuard } from '../process/run-under-guard.ts';
import type { Requirement, StartContext } from '../provider.ts';
import { findGo, goRequirement } from './go-toolchain.ts';

const MODULE = join(import.meta.dirname, '..', '..', '..', 'jaeger');
const PACKAGE = 'github.com/jaegertracing/jaeger/cmd/all-in-one';
const PROGRAM = 'jaeger-all-in-one';
/** What Go 1.26 compiles for it; another Go's standard library has some more or fewer. */
const PACKAGES = 1_700;
const PROGRESS_PACKAGES = 100;

interface JaegerModule {
  version: string;
  /** The oldest Go that compiles it. */
  go: string;
  folder: string;
}

/** go.mod and go.sum pin everything, and their hash names the cache. */
function jaegerModule(root: string): JaegerModule {
  const module = readFileSync(join(MODULE, 'go.mod'), 'utf8');
  const version = /^require github\.com\/jaegertracing\/jaeger v(\S+)$/m.exec(module)?.[1];
  const go = /^go (\S+)$/m.exec(module)?.[1];
  if (version === undefined || go === undefined) throw new Error(`${MODULE}: which versions?`);
  const sums = readFileSync(join(MODULE, 'go.sum'), 'utf8');
  const key = createHash('sha256').update(module).update(sums).digest('hex').slice(0, 8);
  return { version, go, folder: join(root, '.lab', 'cache', `jaeger-${version}-${key}`) };
}

function programIn({ folder }: JaegerModule): string {
  return join(folder, PROGRAM);
}

export function hasJaegerProgram(root: string): boolean {
  return existsSync(programIn(jaegerModule(root)));
}

/** What the build needs, and whether it is here. */
export async function jaegerRequirement(root: string): Promise<Requirement> {
  const { go } = jaegerModule(root);
  const requirement = goRequirement(await findGo(), go);
  if (!hasJaegerProgram(root)) return requirement;
  return { ...requirement, found: 'not needed, Jaeger is built' };
}

/**
 * Finds Jaeger's program in `.lab/cache`, or has Go build it from its module: some three minutes on
 * two cores, once, niced. Sources and Go's caches (1.7 GB) are only there meanwhile, so nothing but
 * the program (50 MB) stays, and whatever ends the build leaves nothing. Who finds another process
 * building it waits for that.
 * @returns the program's file
 * @throws Failure 'infrastructure-unavailable' (definite) without Go, with too old a Go, or with
 *   the end of Go's output; 'interrupted'
 */
export async function jaegerProgram(context: StartContext): Promise<string> {
  const module = jaegerModule(context.root);
  const file = programIn(module);
  if (existsSync(file)) return file;
  await refuseWithout(module);
  await inTurn(`${module.folder}.lock`, context, `Jaeger ${module.version} is built`, () =>
    buildGuarded(module, context),
  );
  return file;
}

/** The guard stays until the folder has its name: whatever ends this before, nothing is left. */
async function buildGuarded(module: JaegerModule, context: StartContext): Promise<void> {
  // A folder without the program: somebody has tidied up in there.
  if (!existsSync(programIn(module))) await rm(module.folder, { recursive: true, force: true });
  let guard: Guard | undefined;
  const underGuard = (temporary: string): Promise<void> => {
    guard = startGuard({ dir: temporary });
    return build(module, { temporary, guard }, context);
  };
  try {
    await buildOnce(module.folder, underGuard, { isAlone: true });
  } finally {
    await guard?.release();
  }
}

async function refuseWithout({ version, go }: JaegerModule): Promise<void> {
  const { what, found, howToGet } = goRequirement(await findGo(), go);
  if (found !== null) return;
  const lines = [
    `Jaeger ${version} cannot be built here.`,
    `Why: no ${what}.`,
    `Next: ${howToGet};`,
    "or start any Jaeger that has ports 16686 and 4318, such as 'docker compose up -d jaeger'.",
    'All else works without it: a run has no links then, and its spans are in its folder.',
  ];
  throw new Failure('infrastructure-unavailable', lines.join('\n'));
}

async function build(
  { version }: JaegerModule,
  { temporary, guard }: { temporary: string; guard: Guard },
  { root, progress, signal }: StartContext,
): Promise<void> {
  progress(`Jaeger ${version}: building it with Go (once, some three minutes)`);
  const logFile = join(root, '.lab', 'logs', 'go.log');
  const work = join(temporary, 'work');
  const program = join(temporary, PROGRAM);
  await Promise.all([
    mkdir(join(root, '.lab', 'logs'), { recursive: true }),
    mkdir(join(work, 'tmp'), { recursive: true }),
  ]);
  const { failed, output } = await runUnderGuard({
    command: 'nice',
    args: ['-n', '19', 'go', 'build', '-v', '-ldflags=-s -w', '-o', program, PACKAGE],
    cwd: MODULE,
    env: goEnvironment(work),
    guard,
    signal,
    onLine: packageCounter(version, progress),
  });
  if (signal.aborted) throw new Failure('interrupted', 'Jaeger: the build was interrupted.');
  if (failed) {
    await writeFile(logFile, output);
    const what = `Jaeger ${version}: Go could not build it. Mend that and run it again.`;
    throw new Failure('infrastructure-unavailable', explain(what, output, logFile));
  }
  progress(`Jaeger ${version}: built; removing its sources and Go's caches`);
  await rm(work, { recursive: true, force: true });
}

/** Nothing outside of the folder, nothing but what go.sum has, no other Go than the one here. */
function goEnvironment(work: string): Record<string, string> {
  return {
    GOCACHE: join(work, 'cache'),
    GOMODCACHE: join(work, 'modules'),
    GOTMPDIR: join(work, 'tmp'),
    // Without -modcacherw nobody could remove the modules' read-only folders.
    GOFLAGS: '-modcacherw -mod=readonly -trimpath -buildvcs=false',
    GOTOOLCHAIN: 'local',
    GOWORK: 'off',
    CGO_ENABLED: '0', // no C compiler is asked for
  };
}

function packageCounter(
  version: string,
  progress: StartContext['progress'],
): (line: string) => void {
  let fetched = 0;
  let compiled = 0;
  return (line) => {
    const isFetch = line.startsWith('go: downloading');
    const count = isFetch ? ++fetched : ++compiled;
    if (count % PROGRESS_PACKAGES > 0) return;
    const what = isFetch ? `${count} modules fetched` : `${count} packages of ${PACKAGES} compiled`;
    progress(`Jaeger ${version}: ${what}`);
  };
}
