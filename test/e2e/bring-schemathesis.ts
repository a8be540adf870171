import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { scaled } from '../runner/slowness.ts';
import { root } from './shared-servers.ts';

const run = promisify(execFile);

const REQUIREMENTS = join(import.meta.dirname, 'schemathesis-requirements.txt');
const PYTHONS = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python'];
// A venv needs ensurepip, which some systems leave out.
const PROBE = 'import sys, venv, ensurepip; sys.exit(0 if sys.version_info >= (3, 11) else 1)';
const PIP_WITHIN_MS = scaled(240_000);

/** The command, or the reason why this machine does not have it. */
export type Brought = { command: string } | { missing: string };

/**
 * Installs schemathesis into `.lab/tools/schemathesis`, a Python environment of its own, once. The
 * list of its packages is written last, and compared at the next start.
 * @param progress  gets a line of progress for a person
 */
export async function bringSchemathesis(progress: (line: string) => void): Promise<Brought> {
  const folder = join(root, '.lab', 'tools', 'schemathesis');
  const command = join(folder, 'bin', 'schemathesis');
  const inIt = join(folder, 'requirements.txt');
  const wanted = await readFile(REQUIREMENTS, 'utf8');
  if ((await readFile(inIt, 'utf8').catch(() => '')) === wanted) return { command };
  const python = await findPython();
  if (python === undefined) return { missing: 'no Python 3.11 or later with venv on PATH' };
  progress('schemathesis: fetching it with its dependencies (once)');
  try {
    // Not made elsewhere and moved: the scripts of a venv contain the path of its folder.
    await rm(folder, { recursive: true, force: true });
    await mkdir(join(root, '.lab', 'tools'), { recursive: true });
    await run(python, ['-m', 'venv', folder]);
    const pip = ['-m', 'pip', '--quiet', '--no-input', '--disable-pip-version-check', 'install'];
    await run(join(folder, 'bin', 'python'), [...pip, '--only-binary=:all:', '-r', REQUIREMENTS], {
      timeout: PIP_WITHIN_MS,
    });
    await writeFile(inIt, wanted);
    return { command };
  } catch (error) {
    const [, why = 'pip failed'] = /(ERROR:.*)/.exec(String(error)) ?? [];
    return { missing: `${python} could not install it: ${why.slice(0, 300)}` };
  }
}

/** A python on PATH may be a shim that refuses to run, so each candidate runs a probe. */
async function findPython(): Promise<string | undefined> {
  for (const name of PYTHONS) {
    const works = await run(name, ['-c', PROBE]).then(
      () => true,
      () => false,
    );
    if (works) return name;
  }
  return undefined;
}
