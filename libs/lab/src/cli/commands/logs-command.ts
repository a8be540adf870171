import { existsSync } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { didYouMean, Failure } from '@indoubt/failure';
import { readUp } from '../background/up-file.ts';
import type { Cli } from '../cli.ts';
import { EXIT } from '../exit-code.ts';
import { formatLogLine } from '../log-line.ts';

interface LogFile {
  name: string;
  path: string;
  /** Bytes shown so far. */
  offset: number;
  /** The beginning of a line whose end is not written yet. */
  rest: string;
}

const LINES_OF_ALL = 40; // per log, when no log is named
const POLL_EVERY_MS = 200;

/** Prints the logs of the running lab, or of the last run when no lab is up. */
export async function logsCommand(
  cli: Cli,
  service: string | undefined,
  { follow }: { follow?: boolean },
): Promise<number> {
  const files = await logFiles(cli.root);
  const chosen = service === undefined ? files : [pick(files, service)];
  const nameWidth = Math.max(...chosen.map(({ name }) => name.length));
  const show = ({ name }: LogFile, line: string): void => {
    const head = chosen.length > 1 ? `${cli.out.paint.cyan(name.padEnd(nameWidth))}  ` : '';
    cli.out.write(`${head}${formatLogLine(line)}\n`);
  };
  for (const file of chosen) {
    const lines = await readMore(file);
    for (const line of service === undefined ? lines.slice(-LINES_OF_ALL) : lines) show(file, line);
  }
  if (files.every(({ offset }) => offset === 0)) cli.err.write('the logs are still empty.\n');
  if (!follow) return EXIT.holds;
  while (!cli.signal.aborted && !cli.out.isClosed()) {
    for (const file of chosen) for (const line of await readMore(file)) show(file, line);
    await delay(POLL_EVERY_MS, undefined, { signal: cli.signal }).catch(() => undefined);
  }
  return cli.signal.aborted ? EXIT.interrupted : EXIT.holds;
}

function pick(files: LogFile[], service: string): LogFile {
  const found = files.find(({ name }) => name === service);
  if (found !== undefined) return found;
  const names = files.map(({ name }) => name);
  const what = `'${service}' has no log.${didYouMean(service, names)}`;
  throw new Failure('not-found', `${what}\nNext: choose one of ${names.join(', ')}.`);
}

async function logFiles(root: string): Promise<LogFile[]> {
  const up = await readUp(root);
  const dirs = up?.ready ? [up.logsDir, up.servers.logsDir] : [await lastRunLogs(root)];
  const found = await Promise.all(dirs.flatMap((dir) => (dir === null ? [] : [logsIn(dir)])));
  const files = found.flat();
  if (files.length > 0) return files;
  const next = "Next: run 'scenario up' or a scenario, then this command again.";
  throw new Failure('not-found', `no lab is up, and no earlier run left a log.\n${next}`);
}

async function logsIn(dir: string): Promise<LogFile[]> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.log')).toSorted();
  return names.map((name) => ({
    name: basename(name, '.log'),
    path: join(dir, name),
    offset: 0,
    rest: '',
  }));
}

async function lastRunLogs(root: string): Promise<string | null> {
  const runs = join(root, '.lab', 'runs');
  const names = await readdir(runs).catch((): string[] => []);
  const dirs = names.map((name) => join(runs, name, 'logs')).filter((dir) => existsSync(dir));
  const dated = await Promise.all(
    dirs.map(async (dir) => ({ dir, at: (await stat(dir)).mtimeMs })),
  );
  return dated.toSorted((a, b) => b.at - a.at)[0]?.dir ?? null;
}

async function readMore(file: LogFile): Promise<string[]> {
  const handle = await open(file.path, 'r');
  try {
    const { size } = await handle.stat();
    const length = Math.max(size - file.offset, 0);
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, file.offset);
    file.offset += bytesRead;
    // latin1 preserves the bytes of a character whose last bytes are not written yet.
    const lines = (file.rest + buffer.toString('latin1', 0, bytesRead)).split('\n');
    file.rest = lines.pop() ?? '';
    return lines.map((line) => Buffer.from(line, 'latin1').toString('utf8'));
  } finally {
    await handle.close();
  }
}
