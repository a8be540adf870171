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
/** Number of packages that Go 1.26 compiles. Other versions of Go differ by a few. */
const PACKAGES = 1_700;
const PROGRESS_PACKAGES = 100;

interface JaegerModule {
  version: string;
  /** The oldest Go that compiles this Jaeger. */
  go: string;
  folder: string;
}

/** go.mod and go.sum pin every version, and their hash is in the name of the cache folder. */
function jaegerModule(root: string): JaegerModule {
  const module = readFileSync(join(MODULE, 'go.mod'), 'utf8');
  const version = /^require github\.com\/jaegertracing\/jaeger v(\S+)$/m.exec(module)?.[1];
  const go = /^go (\S+)$/m.exec(module)?.[1];
  if (version === undefined || go === undefined)
    throw new Error(`${MODULE}/go.mod has no version of Jaeger or of Go`);
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

/** The requirement of the build. It counts as met when Jaeger is already built. */
export async function jaegerRequirement(root: string): Promise<Requirement> {
  const { go } = jaegerModule(root);
  const requirement = goRequirement(await findGo(), go);
  if (!hasJaegerProgram(root)) return requirement;
  return { ...requirement, found: 'not needed, Jaeger is built' };
}

/**
 * Finds Jaeger's program in `.lab/cache`, or builds it with Go: once, niced, about three minutes on
 * two cores. Sources and Go's caches (1.7 GB) are removed after the build, so that only the program
 * (50 MB) is left. An interrupted build leaves no files. While another process builds, this
 * function waits for it.
 * @returns the program's file
 * @throws Failure 'infrastructure-unavailable' (definite) without a recent Go, or with the end of
 *   Go's output; 'interrupted'
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

/** The guard is released after the rename, so that a process that dies before leaves no files. */
async function buildGuarded(module: JaegerModule, context: StartContext): Promise<void> {
  // Somebody has removed the program from the folder.
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
    `Why: it needs ${what}.`,
    `Next: ${howToGet};`,
    "or start a Jaeger with the ports 16686 and 4318, such as 'docker compose up -d jaeger'.",
    "Runs work without Jaeger: they print no links, and their spans are in the run's folder.",
  ];
  throw new Failure('infrastructure-unavailable', lines.join('\n'));
}

async function build(
  { version }: JaegerModule,
  { temporary, guard }: { temporary: string; guard: Guard },
  { root, progress, signal }: StartContext,
): Promise<void> {
  progress(`Jaeger ${version}: building it with Go (once, about three minutes)`);
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
    const what = `Jaeger ${version}: Go could not build it. Next: fix this and retry.`;
    throw new Failure('infrastructure-unavailable', explain(what, output, logFile));
  }
  progress(`Jaeger ${version}: built; removing its sources and Go's caches`);
  await rm(work, { recursive: true, force: true });
}

/** Go writes only into this folder, uses only what go.sum lists, and downloads no other Go. */
function goEnvironment(work: string): Record<string, string> {
  return {
    GOCACHE: join(work, 'cache'),
    GOMODCACHE: join(work, 'modules'),
    GOTMPDIR: join(work, 'tmp'),
    // -modcacherw: otherwise the folders of the modules are read-only and cannot be removed.
    GOFLAGS: '-modcacherw -mod=readonly -trimpath -buildvcs=false',
    GOTOOLCHAIN: 'local',
    GOWORK: 'off',
    CGO_ENABLED: '0', // needs no C compiler
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
