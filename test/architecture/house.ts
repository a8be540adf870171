import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A text file of the repository; the path is relative to the root, with slashes. */
export interface SourceFile {
  path: string;
  text: string;
}

/** One breach of a house rule. */
export interface Breach {
  path: string;
  /** Counted from 1; 0 if the breach is about the whole file. */
  line: number;
  /** The fault, and how to fix it. */
  says: string;
}

const ROOT = join(import.meta.dirname, '..', '..');
const BINARY = /\.(png|jpe?g|gif|ico|woff2?|jar|gz|zip|pdf)$/;

let known: SourceFile[] | undefined;

/**
 * Every text file that git tracks or would track, so without the files in .gitignore. The rules
 * that run in one process share the files, and with them their syntax trees.
 */
export function houseFiles(): SourceFile[] {
  known ??= readHouse();
  return known;
}

function readHouse(): SourceFile[] {
  return execFileSync('git', ['ls-files', '-coz', '--exclude-standard'], { cwd: ROOT })
    .toString('utf8')
    .split('\0')
    .filter((path) => path !== '' && !BINARY.test(path) && existsSync(join(ROOT, path)))
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

/** The TypeScript files among these files, .ts and .tsx. */
export function typescriptOf(files: SourceFile[]): SourceFile[] {
  return files.filter(({ path }) => /\.tsx?$/.test(path));
}

/** The Markdown files among these files. */
export function markdownOf(files: SourceFile[]): SourceFile[] {
  return files.filter(({ path }) => path.endsWith('.md'));
}

export function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || path.startsWith('test/e2e/');
}

/** A line for each breach; empty if there is none. */
export function report(breaches: Breach[]): string {
  return breaches
    .map(({ path, line, says }) => `${path}${line > 0 ? `:${line}` : ''} ${says}`)
    .join('\n');
}

/** Breaches of a rule that checks one line of text at a time. */
export function eachLine(
  { path, text }: SourceFile,
  check: (line: string) => string | undefined,
): Breach[] {
  return text.split('\n').flatMap((line, index) => {
    const says = check(line);
    return says === undefined ? [] : [{ path, line: index + 1, says }];
  });
}
