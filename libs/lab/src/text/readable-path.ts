import { relative } from 'node:path';

/** A path as short as the reader may type it from where they are. */
export function readablePath(path: string): string {
  const short = relative(process.cwd(), path);
  return path === '' || short === '' || short.startsWith('..') ? path : short;
}
