import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runInThisContext } from 'node:vm';
import { scaled } from '../runner/slowness.ts';
import { root } from './shared-servers.ts';

const run = promisify(execFile);

const VERSION = '12.3.0';
const PROGRAM = 'package/dist/mermaid.min.js';
const WITHIN_MS = scaled(120_000);

/** The part of Mermaid's API that the tests use. */
export interface Mermaid {
  /** @throws Error when the text is not a diagram */
  parse(text: string): Promise<{ diagramType: string }>;
  mermaidAPI: {
    getDiagramFromText(text: string): Promise<{ db: SequenceDb }>;
  };
}

interface SequenceDb {
  getActorKeys(): string[];
  getMessages(): { from?: string; to?: string; message: unknown }[];
}

/**
 * Fetches the real Mermaid into `.lab/tools`, once. Only the bundled file of its package is taken:
 * the package with all its dependencies is a hundred times larger.
 * @returns null, and the reason on stderr, where Mermaid cannot be fetched
 */
export async function bringMermaid(): Promise<Mermaid | null> {
  const file = join(root, '.lab', 'tools', `mermaid-${VERSION}.js`);
  let text = await readFile(file, 'utf8').catch(() => null);
  try {
    text ??= await fetched(file);
  } catch (error) {
    const why = String(error).trim().split('\n').at(-1)?.slice(0, 300);
    process.stderr.write(`SKIPPED: no Mermaid (npm could not fetch it: ${why}).\n`);
    return null;
  }
  runInThisContext(text);
  const { mermaid } = globalThis as { mermaid?: Mermaid };
  if (mermaid === undefined) throw new Error(`${file} is not Mermaid`);
  return mermaid;
}

async function fetched(file: string): Promise<string> {
  const tools = join(root, '.lab', 'tools');
  await mkdir(tools, { recursive: true });
  const folder = await mkdtemp(join(tools, 'mermaid-'));
  try {
    const options = { cwd: folder, timeout: WITHIN_MS };
    await run('npm', ['pack', '--silent', `mermaid@${VERSION}`], options);
    await run('tar', ['-xzf', `mermaid-${VERSION}.tgz`, PROGRAM], options);
    await rename(join(folder, PROGRAM), file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return readFile(file, 'utf8');
}
