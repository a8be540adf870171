import { relative } from 'node:path';

/** A path relative to the working directory, if the path is below that directory. */
export function readablePath(path: string): string {
  const short = relative(process.cwd(), path);
  return path === '' || short === '' || short.startsWith('..') ? path : short;
}
